/** aws-jwt-verify with Powertools' Logger and Metrics; its keys in hand, or fetched in init. */
const { readFileSync } = require("node:fs");
const { CognitoJwtVerifier, JwtVerifier } = require("aws-jwt-verify");
const { Logger } = require("@aws-lambda-powertools/logger");
const { MetricUnit, Metrics } = require("@aws-lambda-powertools/metrics");

const pool = JSON.parse(readFileSync(process.env.POOL_FILE, "utf8"));
const jwksUri = process.env.JWKS_URI;

function withKeysInHand() {
  const verifier = CognitoJwtVerifier.create({
    userPoolId: pool.user_pool_id,
    clientId: pool.client_id,
    tokenUse: "access",
  });
  verifier.cacheJwks(pool.jwks);
  return verifier;
}

/** CognitoJwtVerifier takes no address, so the two claims that it checks are checked here. */
function withAddress() {
  return JwtVerifier.create({
    issuer: pool.issuer,
    audience: null,
    jwksUri,
    customJwtCheck: ({ payload }) => {
      if (payload.client_id !== pool.client_id || payload.token_use !== "access") throw new Error();
    },
  });
}

const verifier = jwksUri ? withAddress() : withKeysInHand();
const logger = new Logger({ serviceName: "authorizer" });
const metrics = new Metrics({ namespace: "Authorizer", serviceName: "authorizer" });

exports.ready = jwksUri ? verifier.hydrate() : undefined;

exports.handler = async (event, context) => {
  logger.addContext(context);
  const claims = await verifier.verify(event.headers.authorization.slice("Bearer ".length));
  logger.info("authorized", { sub: claims.sub, route: event.routeKey });
  metrics.addMetric("allowed", MetricUnit.Count, 1);
  metrics.publishStoredMetrics();
  return { isAuthorized: true, context: { sub: claims.sub, scope: claims.scope } };
};
