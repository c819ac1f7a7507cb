package server

import "testing"

func TestTimesAreThoseOfTheLastRequests(t *testing.T) {
	var counted traffic
	if counted.quantile(0.5) != 0 {
		t.Error("nothing was asked yet")
	}
	for range remembered {
		counted.answered(false, 9)
	}
	for i := range remembered {
		counted.answered(i%4 == 0, float64(i))
	}
	if requests, failed := counted.counts(); requests != 2*remembered || failed != remembered/4 {
		t.Error(requests, failed)
	}
	if half, most := counted.quantile(0.5), counted.quantile(1); half != remembered/2 || most != remembered-1 {
		t.Error(half, most)
	}
}
