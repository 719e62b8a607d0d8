package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v3"

	"github.com/polycors/polycors/core/internal/document"
	"github.com/polycors/polycors/core/internal/show"
	"github.com/polycors/polycors/core/internal/spelling"
)

// A format is a form of output.
type format string

const (
	asText   format = "text"
	asJSON   format = "json"
	asGitHub format = "github" // annotations of a GitHub workflow
)

// formatFlags are the flags for the form of the output.
func formatFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "format", Value: string(asText), Usage: "text, json, or github for annotations in a workflow (default: text)"},
		&cli.BoolFlag{Name: "json", Usage: "the same as -format json"},
	}
}

func parseFormat(cmd *cli.Command) (format, error) {
	known := []string{string(asText), string(asJSON), string(asGitHub)}
	f := cmd.String("format")
	switch {
	case cmd.Bool("json") && (!cmd.IsSet("format") || f == string(asJSON)):
		return asJSON, nil
	case cmd.Bool("json"):
		return "", fmt.Errorf("-json and -format %s exclude each other", show.Plain(f, show.Field))
	case f == string(asText), f == string(asJSON), f == string(asGitHub):
		return format(f), nil
	}
	if meant := spelling.Nearest(known, f); meant != "" {
		return "", fmt.Errorf("-format %s is unknown; did you mean %s?", show.Quoted(f), meant)
	}
	return "", fmt.Errorf("-format %s is unknown: use %s", show.Quoted(f), strings.Join(known, ", "))
}

// An annotation is a message at a place of a file, which GitHub shows in a review.
type annotation struct {
	level   string // error, warning or notice
	file    string // may be empty
	at      document.Place
	title   string
	message string
}

// write writes an annotation as a workflow command.
//
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
func (a annotation) write(w io.Writer) error {
	var properties []string
	add := func(name, value string) {
		properties = append(properties, name+"="+propertyEscaper.Replace(value))
	}
	if a.file != "" && a.file != "-" {
		add("file", a.file)
		if a.at.Line > 0 {
			add("line", fmt.Sprint(a.at.Line))
			add("col", fmt.Sprint(a.at.Column))
		}
	}
	add("title", a.title)
	_, err := fmt.Fprintf(w, "::%s %s::%s\n", a.level, strings.Join(properties, ","), messageEscaper.Replace(a.message))
	return err
}

// A value must not end its property, its line or the command.
var (
	messageEscaper  = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	propertyEscaper = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)
