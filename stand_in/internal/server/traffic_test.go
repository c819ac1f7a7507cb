package server

import "testing"

func TestQuantilesAreThoseOfRecentRequests(t *testing.T) {
	var counted traffic
	if counted.quantile(0.5) != 0 {
		t.Error("there was no request yet")
	}
	for range sampleSize {
		counted.answered(false, 9)
	}
	for i := range sampleSize {
		counted.answered(i%4 == 0, float64(i))
	}
	if requests, failed := counted.counts(); requests != 2*sampleSize || failed != sampleSize/4 {
		t.Error(requests, failed)
	}
	if half, most := counted.quantile(0.5), counted.quantile(1); half != sampleSize/2 || most != sampleSize-1 {
		t.Error(half, most)
	}
}
