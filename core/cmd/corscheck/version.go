package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// version returns what the build knows about itself.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	return describeBuild(info)
}

func describeBuild(info *debug.BuildInfo) string {
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	v := info.Main.Version
	if v == "" || v == "(devel)" {
		v = "development"
	}
	commit := settings["vcs.revision"]
	if commit != "" {
		commit = ", commit " + commit[:min(len(commit), 12)]
		if settings["vcs.modified"] == "true" {
			commit += " with changes"
		}
	}
	return fmt.Sprintf("%s (%s, %s/%s%s)", v, info.GoVersion, runtime.GOOS, runtime.GOARCH, commit)
}
