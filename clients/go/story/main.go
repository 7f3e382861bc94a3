// Plays the story of test/clients/story.ts.
package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"sync"
	"time"

	"probity"
)

type apiError struct{ StatusCode int }

func (apiError) Error() string { return "card number 4242" }

type awsError struct{ status int }

func (e *awsError) Error() string       { return "declined" }
func (e *awsError) HTTPStatusCode() int { return e.status }

type grpcError struct{}

func (grpcError) Error() string          { return "not found" }
func (grpcError) GRPCStatus() grpcStatus { return grpcStatus{} }

type grpcStatus struct{}

func (grpcStatus) Code() uint32 { return 5 }

type nilError struct{ cause error }

func (e *nilError) Error() string { return "nil" }
func (e *nilError) Unwrap() error { return e.cause }

func main() {
	m := probity.New(probity.Options{})
	for _, pause := range []time.Duration{0, 0, 150 * time.Millisecond} {
		check(m.Do("returns", func() error { time.Sleep(pause); return nil }) == nil)
	}
	for _, err := range []error{apiError{402}, fmt.Errorf("charge: %w", &awsError{404}), grpcError{}} {
		err := err
		check(m.Do("answer", func() error { return err }) == err)
	}
	for _, status := range []int{429, 503} {
		m.Do("fault", func() error { return apiError{status} })
	}
	m.Do("throws", func() error { return errors.New("no") })
	func() {
		defer func() { check(recover() == "oh") }()
		m.Do("throws", func() error { panic("oh") })
	}()
	m.Do("throws", func() error { return context.DeadlineExceeded })
	m.Do("odd", func() error { var err *nilError; return err })
	m.Do("aborts", func() error { return fmt.Errorf("charge: %w", context.Canceled) })
	m.Do("text\t\n2\t\t\t1\t\ttext\u2028ü\xff", func() error { return nil })
	m.Observe(probity.Call{Method: "GET", URL: "https://me:secret@api.example/v1/charges?key=secret#x", Duration: time.Millisecond, Status: 200})
	client := http.Client{Transport: m.Transport(nil)}
	for _, url := range os.Args[1:] {
		if response, err := client.Get(url); err == nil {
			response.Body.Close()
		}
	}
	var all sync.WaitGroup
	for i := 0; i < 50; i++ {
		all.Add(1)
		go func() {
			defer all.Done()
			for i := 0; i < 20; i++ {
				m.Do("parallel", func() error { time.Sleep(time.Millisecond); return nil })
			}
		}()
	}
	all.Wait()
	for _, address := range []string{"127.0.0.1:9", "127.0.0.1:0", "::::", "collector.invalid:1"} {
		other := probity.New(probity.Options{Address: address})
		check(other.Do("nowhere", func() error { return nil }) == nil)
		other.Close()
	}
	m.Close()
	m.Close()
	check(m.Dropped() == 0)
}

func check(ok bool) {
	if !ok {
		panic("what a wrapped function does has changed")
	}
}
