// Package recipes holds what people do with CORS elsewhere, as it is done here:
// fifteen recipes, in the order of the README, for gin, echo, fiber and chi.
//
// Most recipes are a cors.Config and nothing else, because every framework
// takes the same one. Those are a single function, and [Gin], [Echo], [Fiber]
// and [Chi] show the line that mounts it. Where frameworks differ, there is a
// function for each, with the framework's name at the end of its own.
//
// The tests next to each file are a browser's verdict on it, by package
// corstest: what it allows, and what it refuses.
package recipes
