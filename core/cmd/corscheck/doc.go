// Corscheck asks a server what a browser would allow, and says why.
//
//	corscheck probe -origin https://myapp.com -method PUT -credentials https://api.example/items/1
//	corscheck lint policy.yaml
//	corscheck explain policy.yaml -origin http://127.0.0.1:5173
//	corscheck diff old.yaml new.yaml
//	corscheck schema >policy.schema.json
//
// Probe works with any server in any language. It sends the preflights and
// requests that browsers send, and checks the responses as they do, by the rules
// of package corstest. It understands -H and -X of curl. The other commands read
// the policy of a polycors middleware from a file, or from a key of a larger file
// (-key server.cors).
//
// Diff says what a change of a policy opens and what it closes. It compares what
// browsers may do, not texts.
//
// The exit status is 0 if the request is allowed, the policy is valid, or
// nothing opens. It is 1 if not, or if the server lets any site act as its
// users, and 2 if corscheck could not tell. For several files, lint returns the
// worst status.
//
// # In a workflow
//
// Lint and diff annotate a review on GitHub:
//
//	corscheck lint -format github policies/*.yaml
//	git show origin/main:cors.yaml | corscheck diff -format github - cors.yaml
//
// There is no SARIF, whose readers keep findings as alerts of the main branch: a
// policy is judged in the review that changes it. For other tools, -format json
// has all findings.
//
// # In an editor
//
// With the schema, editors complete and check policy files. For the YAML language
// server, which many editors use, a policy names it in a comment:
//
//	# yaml-language-server: $schema=policy.schema.json
//
// For JSON, VS Code has the setting json.schemas:
//
//	"json.schemas": [{"fileMatch": ["cors.json"], "url": "./policy.schema.json"}]
//
// # In a shell
//
// The command completion prints a script for bash, zsh, fish or pwsh:
//
//	source <(corscheck completion bash)
package main
