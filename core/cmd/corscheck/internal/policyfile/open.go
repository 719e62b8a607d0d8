package policyfile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// maxSize is the size of the largest policy: that of a ConfigMap, and of a message
// of NATS. It keeps corscheck from reading a wrong argument, such as a disk image.
const maxSize = 1 << 20

// readAll reads the named file, or stdin if the name is "-".
func readAll(name string, stdin io.Reader) ([]byte, error) {
	in := stdin
	if name != "-" {
		file, err := open(name)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		in = file
	}
	data, err := io.ReadAll(io.LimitReader(in, maxSize+1))
	if err == nil && len(data) > maxSize {
		err = fmt.Errorf("%s is larger than %d MiB: not a policy", name, maxSize>>20)
	}
	return data, err
}

// open opens a regular file. Opening a named pipe would wait for a writer, which
// may never come.
func open(name string) (*os.File, error) {
	info, err := os.Stat(name)
	if failed, ok := errors.AsType[*fs.PathError](err); ok {
		return nil, fmt.Errorf("%s: %w", name, failed.Err)
	}
	if err != nil {
		return nil, err
	}
	switch mode := info.Mode(); {
	case mode.IsRegular():
		return os.Open(name)
	case mode.IsDir():
		return nil, fmt.Errorf("%s is a directory: give the name of a file", name)
	case mode&fs.ModeNamedPipe != 0:
		return nil, fmt.Errorf("%s is a pipe, which may never end: read standard input instead, with -", name)
	}
	return nil, fmt.Errorf("%s is a device or a socket: give the name of a file", name)
}
