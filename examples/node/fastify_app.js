// The shop in Fastify: a plugin, beside routes with parsers of their own.
//   node fastify_app.js [port] [database]
import Fastify from "fastify";
import { Shop } from "resys";
import { fastifyPlugin } from "resys/fastify";

const [port = "8080", database = "sqlite:shop.db"] = process.argv.slice(2);
const shop = await Shop.open(database, { processors: ["test"] });
const app = Fastify();

// Who is calling is yours to know; here a header says it, which only an example may believe.
function caller(request) {
  return { userId: request.headers["x-user"], audience: request.headers["x-audience"] };
}

await app.register(fastifyPlugin, { shop, caller });
app.post("/echo", async (request) => request.body);

shop.startWorker();
console.log(`ready on ${await app.listen({ port: Number(port), host: "127.0.0.1" })}`);
