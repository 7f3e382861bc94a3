package probity

import (
	"context"
	"errors"
	"reflect"
	"strings"
)

// The collector knows this as the name of a call that the program itself gave up: its outcome is unknown.
const aborted = "AbortError"

// Where libraries keep the status of an answer, as a field or as a method. Stripe, OpenAI, AWS.
var places = []string{"StatusCode", "HTTPStatusCode"}

// The HTTP statuses that stand for the codes of gRPC, in the order of their numbers.
var ofGrpc = []int{200, 499, 500, 400, 504, 404, 409, 403, 429, 400, 409, 400, 501, 500, 503, 500, 401}

type errPanic struct{}

func (errPanic) Error() string { return "panic" }

// endOf is how a call ended. The status decides if there is one: a card that is declined with 402 is an answer of the API.
func endOf(call Call) (status int, name string) {
	if call.Err == nil {
		return call.Status, ""
	}
	status = call.Status
	name = strings.TrimPrefix(reflect.TypeOf(call.Err).String(), "*")
	// A method of somebody else's error may panic, such as that of a nil pointer. What is known by then is kept.
	defer func() { _ = recover() }()
	for err := call.Err; err != nil; err = errors.Unwrap(err) {
		if status == 0 && call.URL == "" {
			status = statusOf(err)
		}
		name = strings.TrimPrefix(reflect.TypeOf(err).String(), "*")
	}
	if errors.Is(call.Err, context.Canceled) {
		name = aborted
	}
	return status, name
}

func statusOf(err error) (status int) {
	// A method of somebody else's error may panic.
	defer func() { _ = recover() }()
	value := reflect.ValueOf(err)
	if grpc := value.MethodByName("GRPCStatus"); grpc.IsValid() {
		code := grpc.Call(nil)[0].MethodByName("Code").Call(nil)[0].Uint()
		return ofGrpc[code]
	}
	for _, place := range places {
		found := value.MethodByName(place)
		if found.IsValid() {
			found = found.Call(nil)[0]
		} else if found = reflect.Indirect(value); found.Kind() == reflect.Struct {
			found = found.FieldByName(place)
		}
		if found.IsValid() && found.CanInt() && found.Int() >= 100 && found.Int() <= 599 {
			return int(found.Int())
		}
	}
	return 0
}
