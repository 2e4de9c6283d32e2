// An employer posts a role, a candidate applies, is chosen and accepts: with a client whose types
// come from the schema alone. What it takes from the environment is printed by nobody.
import createClient from "openapi-fetch";
import type { paths } from "./schema.js";

const address = process.env["FOOTHOLD_URL"] ?? "";

function as(who: string) {
  const secret = process.env[`FOOTHOLD_${who}`] ?? "";
  return createClient<paths>({ baseUrl: address, headers: { Authorization: `Bearer ${secret}` } });
}

/** Return what was answered, or end with what was refused. */
function taken<T>({ data, error }: { data?: T; error?: unknown }): T {
  if (data === undefined) throw new Error(JSON.stringify(error));
  return data;
}

const [owner, candidate, moderator] = [as("EMPLOYER"), as("CANDIDATE"), as("MODERATOR")];

const me = taken(await owner.GET("/api/v1/me"));
const employer = me.employers[0];
if (employer === undefined) throw new Error("the owner has no organization");
const lastDay = new Date(Date.now() + 28 * 86_400_000).toISOString().slice(0, 10);
const made = await owner.POST("/api/v1/opportunities", {
  params: { header: { "Idempotency-Key": "survey-analyst-1" } },
  body: {
    employer: employer.id,
    title: "Survey analyst",
    format: "micro_internship",
    description: "You clean the answers of our survey and write four pages about them.",
    hours_total: 20,
    weeks: 2,
    apply_by: lastDay,
    mode: "remote",
    pay_kind: "fixed_fee",
    pay_amount: "420.00",
    pay_currency: "GBP",
    questions: [{ text: "Which table would you make first?" }],
  },
});
const role = taken(made);
if (role.published_at !== null) throw new Error("a draft has been published");
const path = { public_id: role.id };
taken(
  await owner.PATCH("/api/v1/opportunities/{public_id}", {
    params: { path, header: { "If-Match": made.response.headers.get("ETag") ?? "" } },
    body: { summary: "Turn a survey into a short report." },
  }),
);
taken(await owner.POST("/api/v1/opportunities/{public_id}/submit", { params: { path }, body: {} }));
taken(await moderator.POST("/api/v1/moderation/items/{public_id}/claim", { params: { path } }));
taken(
  await moderator.POST("/api/v1/moderation/items/{public_id}/approve", {
    params: { path },
    body: {},
  }),
);

const found = taken(
  await candidate.GET("/api/v1/opportunities", { params: { query: { q: "survey" } } }),
);
if (found.data[0]?.id !== role.id) throw new Error("the role is not found");
const application = taken(
  await candidate.POST("/api/v1/applications", {
    body: { opportunity: role.id, name: "Ada Byron", answers: ["The one by month."] },
  }),
);
const there = { params: { path: { public_id: application.id } } };
taken(await owner.POST("/api/v1/applications/{public_id}/shortlist", there));
taken(
  await owner.POST("/api/v1/applications/{public_id}/offer", {
    ...there,
    body: { message: "We would like to work with you." },
  }),
);
taken(await candidate.POST("/api/v1/applications/{public_id}/accept", there));
const refused = await candidate.POST("/api/v1/applications/{public_id}/accept", there);
const done = taken(await candidate.GET("/api/v1/applications/{public_id}", there));

console.log(JSON.stringify({ status: done.status, again: refused.error?.status }));
