/**
 * The loop of a Lambda runtime in Node: `node runtime.cjs FUNCTION.cjs`. It does less than the managed
 * runtime, and so favours Node.
 */
const http = require("node:http");

const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const { handler, ready } = require(process.argv[2]);

function call(method, path, body) {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { "content-length": Buffer.byteLength(body) };
    const options = { host, port, path: `/2018-06-01/runtime/${path}`, method, agent, headers };
    const request = http.request(options, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () =>
        resolve({ headers: response.headers, text: Buffer.concat(chunks).toString("utf8") }),
      );
    });
    request.on("error", reject);
    request.end(body);
  });
}

(async () => {
  await ready; // keys that are fetched in init
  for (;;) {
    const next = await call("GET", "invocation/next");
    const id = next.headers["lambda-runtime-aws-request-id"];
    const context = {
      awsRequestId: id,
      functionName: "authorizer",
      functionVersion: "1",
      memoryLimitInMB: "256",
      invokedFunctionArn: next.headers["lambda-runtime-invoked-function-arn"],
      getRemainingTimeInMillis: () => 3000,
    };
    const result = await handler(JSON.parse(next.text), context);
    await call("POST", `invocation/${id}/response`, JSON.stringify(result));
  }
})();
