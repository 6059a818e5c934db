// Stands for your app: reads what was migrated, and stays.
const password = require("fs").readFileSync("/run/secrets/app-password", "utf8").trim();
const app = new Mongo("mongodb://mongo1,mongo2,mongo3/?replicaSet=rs0").getDB("app");
app.auth("app", password);
printjson(app.notes.find().toArray());
print("app: started");
process.on("SIGTERM", () => quit(0));
while (true) sleep(1000);
