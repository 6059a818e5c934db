/** Tests of MongoDB, against a server of its wire protocol that is not mongod. */
@NullMarked
package io.tidegate.engine.mongodb;

import org.jspecify.annotations.NullMarked;
