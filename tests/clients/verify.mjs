// Check a credential with what npm has, and nothing but what the site publishes.
// Reads check.json: {"token": "…", "document": {…}}. Prints {"jose": …, "did-jwt-vc": …}: the issuer
// that each of them names, or null where it refuses.
import { readFileSync } from "node:fs";
import { verifyCredential } from "did-jwt-vc";
import { importJWK, jwtVerify } from "jose";

const { token, document } = JSON.parse(readFileSync("check.json", "utf8"));
const refused = () => null;

const key = await importJWK(document.verificationMethod[0].publicKeyJwk, "EdDSA");
const jose = await jwtVerify(token, key, { algorithms: ["EdDSA"], typ: "JWT" }).then(
  ({ payload }) => payload.iss,
  refused,
);

const resolver = {
  resolve: async () => ({
    didDocument: document,
    didDocumentMetadata: {},
    didResolutionMetadata: {},
  }),
};
// It knows the shape of version 1.1 alone, and this is 2.0: signature, issuer and times it checks.
const vc = await verifyCredential(token, resolver, { policies: { format: false } }).then(
  ({ issuer }) => issuer,
  refused,
);

console.log(JSON.stringify({ jose, "did-jwt-vc": vc }));
