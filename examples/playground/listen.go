package main

import (
	"errors"
	"fmt"
	"net"
	"syscall"
)

// listen listens on a port of loopback, the first one from port on that is free for
// both versions of IP: browsers try ::1 first where a URL says localhost, and must
// not reach another program there.
func listen(port int) (listeners []net.Listener, chosen int, err error) {
	const tries = 50
	for p := port; p < port+tries; p++ {
		if listeners, err = listenBoth(p); err == nil {
			return listeners, p, nil
		}
	}
	return nil, 0, fmt.Errorf("no port from %d on is free: %w", port, err)
}

func listenBoth(port int) ([]net.Listener, error) {
	v4, err := net.Listen("tcp4", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return nil, err
	}
	v6, err := net.Listen("tcp6", fmt.Sprintf("[::1]:%d", port))
	switch {
	case err == nil:
		return []net.Listener{v4, v6}, nil
	case errors.Is(err, syscall.EADDRINUSE):
		v4.Close()
		return nil, err
	}
	return []net.Listener{v4}, nil // a machine without IPv6
}
