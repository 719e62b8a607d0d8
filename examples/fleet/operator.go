package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/nats-io/nats.go"
	"go.yaml.in/yaml/v3"

	"github.com/polycors/polycors/corsnats"
)

// statusSubject is where instances are asked for their status. All of them
// answer, on whatever machine they are.
const statusSubject = "fleet.status"

// An instanceStatus is an instance's answer.
type instanceStatus struct {
	Name     string        `json:"name"`
	URL      string        `json:"url"`
	Revision string        `json:"revision"`
	Age      time.Duration `json:"age"` // of the policy in force; clocks may differ
	Error    string        `json:"error,omitempty"`
}

// reportStatus answers questions for the status.
func (i *instance) reportStatus() error {
	_, err := i.nc.Subscribe(statusSubject, func(m *nats.Msg) {
		s := i.follower.Status()
		answer := instanceStatus{Name: i.name, URL: i.url, Revision: s.Revision, Age: time.Since(s.Applied)}
		if s.Err != nil {
			answer.Error = s.Err.Error()
		}
		if data, err := json.Marshal(answer); err == nil {
			_ = m.Respond(data)
		}
	})
	return err
}

// ask returns the status of all instances that answer in time.
func ask(nc *nats.Conn) ([]instanceStatus, error) {
	inbox := nc.NewRespInbox()
	answers, err := nc.SubscribeSync(inbox)
	if err != nil {
		return nil, err
	}
	defer func() { _ = answers.Unsubscribe() }()
	if err := nc.PublishRequest(statusSubject, inbox, nil); err != nil {
		return nil, err
	}
	var all []instanceStatus
	for wait := time.Second; ; wait = 100 * time.Millisecond {
		m, err := answers.NextMsg(wait)
		switch {
		case errors.Is(err, nats.ErrTimeout), errors.Is(err, nats.ErrNoResponders):
			slices.SortFunc(all, func(a, b instanceStatus) int { return cmp.Compare(a.URL, b.URL) })
			return all, nil
		case err != nil:
			return nil, err
		}
		var s instanceStatus
		if err := json.Unmarshal(m.Data, &s); err == nil {
			all = append(all, s)
		}
	}
}

// status shows the policy of each instance.
func status(_ context.Context, url string, out io.Writer) error {
	nc, err := connect(url)
	if err != nil {
		return err
	}
	defer nc.Close()
	all, err := ask(nc)
	if err != nil {
		return err
	}
	return show(all, out)
}

// set publishes the policy in a file, and waits until all instances follow it.
func set(ctx context.Context, url, path string, out io.Writer) error {
	document, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	nc, err := connect(url)
	if err != nil {
		return err
	}
	defer nc.Close()
	ctx, done := context.WithTimeout(ctx, 5*time.Second)
	defer done()
	revision, err := corsnats.Publish(ctx, nc, bucket, key, document, yaml.Unmarshal)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	fmt.Fprintf(out, "published %s\n", revision)
	for {
		all, err := ask(nc)
		if err != nil {
			return err
		}
		late := slices.ContainsFunc(all, func(s instanceStatus) bool { return s.Revision != revision })
		if !late || ctx.Err() != nil {
			err := show(all, out)
			if err == nil && late {
				err = errors.New("not all instances have the policy")
			}
			return err
		}
	}
}

// show prints a table of instances.
func show(all []instanceStatus, out io.Writer) error {
	if len(all) == 0 {
		return errors.New("no instance answers")
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, s := range all {
		fmt.Fprintf(w, "%s\t%s\trevision %s\tsince %s", s.Name, s.URL, cmp.Or(s.Revision, "none"), age(s.Age))
		if s.Error != "" {
			fmt.Fprintf(w, "\t%s", s.Error)
		}
		fmt.Fprintln(w)
	}
	return w.Flush()
}

func age(d time.Duration) time.Duration {
	if d < time.Second {
		return d.Round(time.Millisecond)
	}
	return d.Round(time.Second)
}
