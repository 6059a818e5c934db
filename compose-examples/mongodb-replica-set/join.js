// Run by the service join: makes one replica set of three servers, and the app's user.
const fs = require("fs");
const secret = (name) => fs.readFileSync("/run/secrets/" + name, "utf8").trim();

function connect1(address) {
  const connection = new Mongo(address);
  const admin = connection.getDB("admin");
  admin.auth("root", secret("root-password"));
  return connection;
}

// A server that has just started refuses, or does not know its users yet: this fails then, and Compose
// starts it again.
const first = connect1("mongodb://mongo1/?directConnection=true");
try {
  first.getDB("admin").runCommand({ replSetGetStatus: 1 });
  print("join: the replica set is there");
} catch (e) {
  if (e.codeName !== "NotYetInitialized") throw e;
  first.getDB("admin").runCommand({
    replSetInitiate: {
      _id: "rs0",
      members: [1, 2, 3].map((n) => ({ _id: n - 1, host: "mongo" + n + ":27017" })),
    },
  });
  print("join: made the replica set");
}

const all = connect1("mongodb://mongo1,mongo2,mongo3/?replicaSet=rs0");
const app = all.getDB("app");
if (app.getUser("app") === null) {
  app.createUser({ user: "app", pwd: secret("app-password"), roles: ["readWrite"] });
  print("join: made the user");
}
