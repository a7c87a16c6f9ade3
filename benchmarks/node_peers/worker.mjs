/**
 * A Node process that is measured, in the way of benchmarks/speed/worker.py:
 * `node worker.mjs verify|handle NAME QUESTION FD`.
 */
import { CognitoJwtVerifier } from "aws-jwt-verify";
import { createVerifier } from "fast-jwt";
import { createLocalJWKSet, jwtVerify } from "jose";
import { createPublicKey } from "node:crypto";
import { readFileSync, writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { Logger } from "@aws-lambda-powertools/logger";
import { MetricUnit, Metrics } from "@aws-lambda-powertools/metrics";

const [kind, name, file, fd] = process.argv.slice(2);
const question = JSON.parse(readFileSync(file, "utf8"));
const STANDARD_OUTPUT = 1;

function cognitoVerifier() {
  const verifier = CognitoJwtVerifier.create({
    userPoolId: question.user_pool_id,
    clientId: question.client_id,
    tokenUse: "access",
  });
  verifier.cacheJwks(question.jwks);
  return verifier;
}

/** For libraries without options for these two claims. */
function checkClaims(claims) {
  if (claims.client_id !== question.client_id || claims.token_use !== "access") throw new Error();
  return claims;
}

function fastJwt() {
  const jwk = question.jwks.keys.find((each) => each.kid === question.kid);
  const key = createPublicKey({ key: jwk, format: "jwk" }).export({ type: "spki", format: "pem" });
  const verify = createVerifier({
    key,
    algorithms: ["RS256"],
    allowedIss: question.issuer,
    requiredClaims: ["exp", "sub"],
  });
  return (token) => checkClaims(verify(token));
}

function jose() {
  const keys = createLocalJWKSet(question.jwks);
  const options = {
    algorithms: ["RS256"],
    issuer: question.issuer,
    requiredClaims: ["exp", "sub"],
  };
  return async (token) => checkClaims((await jwtVerify(token, keys, options)).payload);
}

const VERIFIERS = {
  "aws-jwt-verify": () => {
    const verifier = cognitoVerifier();
    return (token) => verifier.verifySync(token);
  },
  "fast-jwt": fastJwt,
  jose,
};

const CONTEXT = {
  functionName: "authorizer",
  functionVersion: "1",
  memoryLimitInMB: "256",
  invokedFunctionArn: "arn:aws:lambda:eu-west-1:123456789012:function:authorizer",
  awsRequestId: "8476a536-e9f4-11e8-9739-2dfe598c3fcd",
  getRemainingTimeInMillis: () => 3000,
};

function bearer(event) {
  const value = event.headers.authorization;
  if (value.slice(0, 7).toLowerCase() !== "bearer ") throw new Error();
  return value.slice(7);
}

const answer = (claims) => ({
  isAuthorized: true,
  context: { sub: claims.sub, scope: claims.scope },
});

/** As Lambda's runtime does it, whose console writes straight to a file descriptor. */
function writeStraight(...consoles) {
  const line = (text) => writeSync(STANDARD_OUTPUT, `${text}\n`);
  for (const each of consoles) {
    for (const method of ["log", "info", "debug", "warn", "error"]) each[method] = line;
  }
}

const HANDLERS = {
  "aws-jwt-verify, nothing logged": () => {
    const verifier = cognitoVerifier();
    return (event) => answer(verifier.verifySync(bearer(event)));
  },
  "aws-jwt-verify + Powertools": () => {
    const verifier = cognitoVerifier();
    const logger = new Logger({ serviceName: "authorizer" });
    const metrics = new Metrics({ namespace: "Authorizer", serviceName: "authorizer" });
    writeStraight(console, ...[logger.console, metrics.console].filter(Boolean));
    return (event) => {
      logger.addContext(CONTEXT);
      const claims = verifier.verifySync(bearer(event));
      logger.info("authorized", { sub: claims.sub, route: event.routeKey });
      metrics.addMetric("allowed", MetricUnit.Count, 1);
      metrics.publishStoredMetrics();
      return answer(claims);
    };
  },
};

/** An equal text that shares nothing with the one that was measured before. */
const fresh = (text) => Buffer.from(text, "latin1").toString("latin1");

function eventOf(token) {
  const authorization = fresh(`Bearer ${token}`);
  const headers = { ...question.event.headers, authorization };
  return { ...question.event, headers, identitySource: [authorization] };
}

const operate = (kind === "verify" ? VERIFIERS : HANDLERS)[name]();
const argumentOf = kind === "verify" ? fresh : eventOf;

async function passes(token) {
  try {
    await operate(argumentOf(token));
    return true;
  } catch {
    return false;
  }
}

async function batch(values, accepted) {
  if (!accepted) {
    for (const value of values) {
      try {
        const pending = operate(value);
        if (pending instanceof Promise) await pending;
      } catch {
        // it must
      }
    }
  } else {
    for (const value of values) {
      const pending = operate(value);
      if (pending instanceof Promise) await pending; // a synchronous peer pays for no await
    }
  }
}

/** Of CPU, all threads: jose verifies in one of its own. */
function spentMicroseconds() {
  const { user, system } = process.cpuUsage();
  return user + system;
}

async function microseconds(tokens, accepted, seconds) {
  const samples = [];
  const until = performance.now() + seconds * 1000;
  while (samples.length === 0 || performance.now() < until) {
    const values = tokens.map(argumentOf);
    const started = spentMicroseconds();
    await batch(values, accepted);
    samples.push((spentMicroseconds() - started) / values.length);
  }
  samples.sort((a, b) => a - b);
  return samples[samples.length >> 1];
}

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  const tokens = question.tokens[asked.tokens];
  const accepted = await passes(tokens[0]);
  const us = await microseconds(tokens, accepted, asked.seconds);
  writeSync(Number(fd), `${JSON.stringify({ accepted, us })}\n`);
}
