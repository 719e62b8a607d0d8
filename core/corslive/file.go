package corslive

import (
	"context"
	"fmt"
	"io"
	"iter"
	"os"
	"time"
)

// maxFile is the length of the longest file that is read.
const maxFile = 64 << 20

// File returns a Source that reads a file at the interval every; zero means one
// second. The file may be written in place, replaced by renaming, or switched by
// a symbolic link, as in Kubernetes. It may be on a network file system. File
// reads the whole file each time, because a time stamp may be too coarse to show
// a change.
//
// A file that is read while it is being written is usually an invalid document.
// It is refused, and the complete file is applied at the next read. To avoid
// this, write to another file and rename it. A read that blocks in the operating
// system does not end with the context.
func File(path string, every time.Duration) Source {
	if every <= 0 {
		every = time.Second
	}
	return func(ctx context.Context) iter.Seq2[[]byte, error] {
		return func(yield func([]byte, error) bool) {
			ticker := time.NewTicker(every)
			defer ticker.Stop()
			for yield(read(path)) {
				select {
				case <-ticker.C:
				case <-ctx.Done():
					return
				}
			}
		}
	}
}

func read(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	switch {
	case !info.Mode().IsRegular(): // opening a pipe would block
		return nil, fmt.Errorf("%s is not a regular file", path)
	case info.Size() > maxFile:
		return nil, tooLong(path)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	document, err := io.ReadAll(io.LimitReader(file, maxFile+1))
	if err == nil && len(document) > maxFile {
		return nil, tooLong(path) // it has grown
	}
	return document, err
}

func tooLong(path string) error { return fmt.Errorf("%s is longer than %d MiB", path, maxFile>>20) }
