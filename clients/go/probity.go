// Package probity reports to Probity how long the API calls of a program take, and how they end.
//
// It sends them over UDP, in batches, from a goroutine: no call waits for it, and nothing here panics or returns an
// error of its own.
package probity

import (
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const (
	defaultAddress = "127.0.0.1:51712"
	// Below the MTU of every network, so that no datagram is divided.
	maxDatagram = 1024
	maxWait     = 50 * time.Millisecond
	maxWaiting  = 4096
)

// Options of a monitor. What is empty comes from PROBITY_CALLER, PROBITY_VERSION and PROBITY_CALLS_ADDRESS.
type Options struct {
	// Caller is the service that makes the calls, and Version its release.
	Caller, Version string
	// Address is the host:port of Probity, by default 127.0.0.1:51712.
	Address string
}

// Call is what is known of one call. It has an Operation, or a Method and a URL.
type Call struct {
	Operation, Method, URL string
	Duration               time.Duration
	// Status is the HTTP status of the answer, if there was one.
	Status int
	// Err is what the call returned. Only the name of its type is sent, never its message.
	Err error
}

// Monitor reports calls. One is enough for a program, and any goroutine may use it.
type Monitor struct {
	caller, version string
	waiting         chan Call
	closing, closed chan struct{}
	once            sync.Once
	dropped         atomic.Int64
}

// New starts a monitor. If its address is not valid, it reports nothing.
func New(options Options) *Monitor {
	m := &Monitor{
		caller:  first(options.Caller, os.Getenv("PROBITY_CALLER")),
		version: first(options.Version, os.Getenv("PROBITY_VERSION")),
		waiting: make(chan Call, maxWaiting),
		closing: make(chan struct{}),
		closed:  make(chan struct{}),
	}
	go m.run(first(options.Address, os.Getenv("PROBITY_CALLS_ADDRESS"), defaultAddress))
	return m
}

// Do calls a function, reports the call under a name, and returns what the function returns. A panic passes through.
func (m *Monitor) Do(name string, function func() error) (err error) {
	started := time.Now()
	panicked := true
	defer func() {
		if panicked {
			err = errPanic{}
		}
		m.Observe(Call{Operation: name, Duration: time.Since(started), Err: err})
	}()
	err = function()
	panicked = false
	return err
}

// Observe reports a call that the program measured itself.
func (m *Monitor) Observe(call Call) {
	select {
	case m.waiting <- call:
	default:
		m.dropped.Add(1)
	}
}

// Transport returns a RoundTripper that reports each HTTP request. If base is nil, it sends with http.DefaultTransport.
func (m *Monitor) Transport(base http.RoundTripper) http.RoundTripper {
	if base == nil {
		base = http.DefaultTransport
	}
	return transport{m, base}
}

// Dropped is the number of calls that were not sent, because too many waited or the system did not take them.
func (m *Monitor) Dropped() int64 { return m.dropped.Load() }

// Close sends what waits. Call it before the program ends: calls of the last 50 ms are lost otherwise.
func (m *Monitor) Close() {
	m.once.Do(func() { close(m.closing) })
	<-m.closed
}

type transport struct {
	monitor *Monitor
	base    http.RoundTripper
}

func (t transport) RoundTrip(request *http.Request) (*http.Response, error) {
	started := time.Now()
	response, err := t.base.RoundTrip(request)
	call := Call{Method: request.Method, URL: request.URL.String(), Duration: time.Since(started), Err: err}
	if response != nil {
		call.Status = response.StatusCode
	}
	t.monitor.Observe(call)
	return response, err
}

func (m *Monitor) run(address string) {
	defer close(m.closed)
	// Not connected: a connected socket loses a datagram after each time that nobody listened.
	socket, err := net.ListenPacket("udp", ":0")
	if err == nil {
		defer socket.Close()
	}
	tick := time.NewTicker(maxWait)
	defer tick.Stop()
	var lines strings.Builder
	count := int64(0)
	flush := func() {
		if count > 0 && !send(socket, address, lines.String()) {
			m.dropped.Add(count)
		}
		lines.Reset()
		count = 0
	}
	take := func(call Call) {
		line := encode(call, m.caller, m.version)
		if lines.Len()+len(line) > maxDatagram {
			flush()
		}
		lines.WriteString(line)
		count++
	}
	for {
		select {
		case call := <-m.waiting:
			take(call)
		case <-tick.C:
			flush()
		case <-m.closing:
			for len(m.waiting) > 0 {
				take(<-m.waiting)
			}
			flush()
			return
		}
	}
}

func send(socket net.PacketConn, address, lines string) bool {
	if socket == nil {
		return false
	}
	// A name is resolved for each datagram, because the collector may move; for an address this costs nothing.
	to, err := net.ResolveUDPAddr("udp", address)
	if err != nil || to.Port == 0 {
		return false
	}
	_, err = socket.WriteTo([]byte(lines), to)
	return err == nil
}

func first(values ...string) string {
	for _, value := range values {
		if value != "" {
			return value
		}
	}
	return ""
}
