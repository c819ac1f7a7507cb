package problem

import "fmt"

// Columns of the real server's database are this long, but those of descriptions and the like.
const columnLength = 200

// TooLong is how the real server fails when a value does not fit into its column; nil: it fits.
func TooLong(column, value string) error { return LongerThan(columnLength, column, value) }

// LongerThan is the same for a column of another length.
func LongerThan(limit int, column, value string) error {
	length := len([]rune(value))
	if length <= limit {
		return nil
	}
	return &Fault{Class: "org.sonatype.nexus.datastore.api.DataAccessException", Message: fmt.Sprintf(
		"\n### Error updating database.  Cause: org.h2.jdbc.JdbcSQLDataException: Value too long for column \"%s CHARACTER VARYING(%d)\": \"'%s... (%d)\"; SQL statement:\n",
		column, limit, string([]rune(value)[:79]), length)}
}

// FirstTooLong is the failure of the first of several columns, given as column and value in turn.
func FirstTooLong(columns ...string) error {
	for i := 0; i+1 < len(columns); i += 2 {
		if err := TooLong(columns[i], columns[i+1]); err != nil {
			return err
		}
	}
	return nil
}
