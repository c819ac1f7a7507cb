package problem

import "fmt"

// columnLength is the length of the columns of the real server's database, except those of descriptions and the like.
const columnLength = 200

// TooLong returns the real server's error if a value does not fit into its column, else nil.
func TooLong(column, value string) error { return LongerThan(columnLength, column, value) }

// LongerThan is TooLong for a column of another length.
func LongerThan(limit int, column, value string) error {
	length := len([]rune(value))
	if length <= limit {
		return nil
	}
	return &Fault{Class: "org.sonatype.nexus.datastore.api.DataAccessException", Message: fmt.Sprintf(
		"\n### Error updating database.  Cause: org.h2.jdbc.JdbcSQLDataException: Value too long for column \"%s CHARACTER VARYING(%d)\": \"'%s... (%d)\"; SQL statement:\n",
		column, limit, string([]rune(value)[:79]), length)}
}

// FirstTooLong is TooLong for several columns, given as alternating column and value.
func FirstTooLong(columns ...string) error {
	for i := 0; i+1 < len(columns); i += 2 {
		if err := TooLong(columns[i], columns[i+1]); err != nil {
			return err
		}
	}
	return nil
}
