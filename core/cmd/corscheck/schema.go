package main

import (
	"context"
	_ "embed"
	"fmt"

	"github.com/urfave/cli/v3"
)

//go:embed policy.schema.json
var policySchema string

func schemaCommand(s streams) *cli.Command {
	return &cli.Command{
		Name:      "schema",
		Usage:     "prints the JSON Schema of policy files, for editors",
		ArgsUsage: " ",
		Description: `With the schema, editors complete the keys of a policy, show what they mean, and
underline mistakes. The YAML language server reads this comment in a policy:

  # yaml-language-server: $schema=policy.schema.json

For JSON, name the file in the setting json.schemas of VS Code. Lint finds more
mistakes than a schema can describe.`,
		UsageText: `  corscheck schema >policy.schema.json`,
		Action: func(_ context.Context, cmd *cli.Command) error {
			if cmd.Args().Present() {
				return fmt.Errorf("schema takes no arguments, but got %q", cmd.Args().Slice())
			}
			_, err := fmt.Fprint(s.out, policySchema)
			return err
		},
	}
}
