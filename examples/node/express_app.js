// The shop in Express: mounted before the body parsers, for it reads the raw bytes itself.
//   node express_app.js [port] [database]
import express from "express";
import { Shop } from "resys";
import { expressMount } from "resys/express";

const [port = "8080", database = "sqlite:shop.db"] = process.argv.slice(2);
const shop = await Shop.open(database, { processors: ["test"] });
const app = express();

// Who is calling is yours to know; here a header says it, which only an example may believe.
function caller(request) {
  return { userId: request.get("X-User"), audience: request.get("X-Audience") };
}

app.use(expressMount(shop, { caller }));
app.use(express.json());
app.post("/echo", (request, response) => response.json(request.body));

shop.startWorker();
const server = app.listen(Number(port), "127.0.0.1", () =>
  console.log(`ready on http://127.0.0.1:${server.address().port}`));
