/**
 * Tokens -> what Node's verifiers say of them. Reads the question that `compare_verifiers.py` asks
 * from standard input and writes the answer to standard output.
 *
 * Each peer is configured as its documentation says, with all that ours is told: issuer, audience,
 * algorithms, leeway, `token_use`. Neither has an option for the value of `token_use`: it is
 * compared in aws-jwt-verify's `customJwtCheck`, and after jose.
 */
import { JwtVerifier } from "aws-jwt-verify";
import { JwtBaseError, JwtInvalidClaimError } from "aws-jwt-verify/error";
import { createLocalJWKSet, errors, jwtVerify } from "jose";
import { readFileSync } from "node:fs";

const REPEATS = 7;
const VERIFICATIONS = 400;

function awsJwtVerify(asked, document) {
  const verifier = JwtVerifier.create({
    issuer: asked.issuer,
    audience: asked.audience,
    jwksUri: "https://issuer.example/jwks",
    graceSeconds: asked.leeway_seconds,
    customJwtCheck: ({ payload }) => {
      if (payload.token_use !== asked.token_use) {
        throw new JwtInvalidClaimError("token_use", payload.token_use, asked.token_use);
      }
    },
  });
  verifier.cacheJwks(document);
  return (token) => verifier.verifySync(token);
}

function jose(asked, document) {
  const keys = createLocalJWKSet(document);
  const options = {
    issuer: asked.issuer,
    audience: asked.audience,
    algorithms: asked.algorithms,
    clockTolerance: asked.leeway_seconds,
    requiredClaims: ["exp"],
  };
  return async (token) => {
    const { payload } = await jwtVerify(token, keys, options);
    if (payload.token_use !== asked.token_use) {
      throw new errors.JWTClaimValidationFailed("token_use", payload, "token_use", "check_failed");
    }
  };
}

const PEERS = {
  "aws-jwt-verify": { make: awsJwtVerify, ownError: JwtBaseError },
  jose: { make: jose, ownError: errors.JOSEError },
};

async function verdict(verify, token, ownError) {
  try {
    await verify(token);
    return "accepted";
  } catch (error) {
    return error instanceof ownError ? "refused" : error.constructor.name;
  }
}

/** One verdict for each case; a key set that a peer cannot load refuses its token. */
async function verdicts({ make, ownError }, asked, cases) {
  const loaded = new Map();
  const found = [];
  for (const { token, jwks } of cases) {
    if (!loaded.has(jwks)) {
      let verify = null;
      try {
        verify = make(asked, JSON.parse(jwks));
      } catch {
        // Whatever it is, there is no verifier.
      }
      loaded.set(jwks, verify);
    }
    const verify = loaded.get(jwks);
    found.push(verify === null ? "refused" : await verdict(verify, token, ownError));
  }
  return found;
}

/** The time of one verification, in seconds: the best of several rounds, as timing.py takes it. */
async function secondsEach(verify, token) {
  let best = Infinity;
  for (let repeat = 0; repeat < REPEATS; repeat += 1) {
    const started = process.hrtime.bigint();
    for (let i = 0; i < VERIFICATIONS; i += 1) {
      const pending = verify(token);
      if (pending instanceof Promise) await pending; // a synchronous peer pays for no await
    }
    best = Math.min(best, Number(process.hrtime.bigint() - started) / 1e9);
  }
  return best / VERIFICATIONS;
}

const pinned = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8"));
const question = JSON.parse(readFileSync(0, "utf8"));
const answer = {};
for (const [name, peer] of Object.entries(PEERS)) {
  const usual = peer.make(question.asked, JSON.parse(question.usual_jwks));
  answer[name] = {
    version: pinned.dependencies[name],
    verdicts: await verdicts(peer, question.asked, question.cases),
    seconds: await secondsEach(usual, question.usual_token),
  };
}
process.stdout.write(JSON.stringify(answer));
