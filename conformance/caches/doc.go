// Package caches puts real shared caches in front of an application of every
// framework: nginx with proxy_cache, and Varnish. What each reader gets through a
// cache must be what the server itself would send to that reader.
package caches
