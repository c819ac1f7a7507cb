package database

// Setting is a single record.
type Setting[T any] struct {
	records *Collection[T]
	name    string
	initial T
}

// NewSetting opens a record; initial is its value until it is set.
func NewSetting[T any](d *Database, name string, initial T) (*Setting[T], error) {
	records, err := NewCollection[T](d, "setting/"+name)
	return &Setting[T]{records: records, name: name, initial: initial}, err
}

// Get returns the value.
func (s *Setting[T]) Get() T {
	if value, ok := s.records.Get(s.name); ok {
		return value
	}
	return s.initial
}

// Set stores the value.
func (s *Setting[T]) Set(value T) error { return s.records.Put(s.name, value) }
