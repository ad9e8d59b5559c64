// Package training is the room of what people can learn with: the inventory of resources made elsewhere (guides, kits, videos, games, courses),
// the paths that put missions, resources and meetings in order, and the cohorts that walk one together.
//
// Words: a resource is something to learn from, kept elsewhere, with what an agent needs to choose it; it is proposed by anybody and
// accepted or refused, with a reason, by who reviews; the state of its link is what a check of its address last found; to follow it is to have
// used it, with a sentence about what that changed; a path is steps in order, each with a condition or none, and a walk is a person on it; a cohort is a
// few people with a concrete use, in pairs, and its lead is the facilitator who sees what members share.
//
// Who followed what is theirs alone: a sentence is shown once shared, and numbers only of [CrowdLeast] people or more, rounded down to a
// multiple of it, so that one more person seldom shows by difference (docs/decisions/0029-what-people-learn-with.md).
package training
