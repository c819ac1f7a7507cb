package security

import (
	"os"
	"path/filepath"
	"testing"

	"repository-store/nexus-stand-in/internal/database"
)

func open(t *testing.T, folder, password string) *Manager {
	t.Helper()
	d, err := database.Open(folder, "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	m, err := NewManager(d, folder, password, []string{"raw"}, true)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestFirstStartGeneratesAPassword(t *testing.T) {
	folder := t.TempDir()
	m := open(t, folder, "")
	file := filepath.Join(folder, "admin.password")
	password, err := os.ReadFile(file)
	if err != nil || !m.Authenticate("admin", string(password)) {
		t.Fatal("the password in the file does not work", err)
	}
	if user, _ := m.User("admin"); user.Status != ChangePassword {
		t.Error("status is", user.Status)
	}
	if err := m.ChangePassword("admin", "other"); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(file); !os.IsNotExist(err) {
		t.Error("the file is still there")
	}
	if m.Authenticate("admin", string(password)) || !m.Authenticate("admin", "other") {
		t.Error("the old password still works, or the new one does not")
	}
}

func TestFirstStartUsesTheGivenPassword(t *testing.T) {
	folder := t.TempDir()
	m := open(t, folder, "given")
	if user, _ := m.User("admin"); user.Status != Active || !m.Authenticate("admin", "given") {
		t.Error("status is", user.Status)
	}
	if _, err := os.Stat(filepath.Join(folder, "admin.password")); !os.IsNotExist(err) {
		t.Error("a file was written")
	}
}

func TestAllowed(t *testing.T) {
	m := open(t, t.TempDir(), "x")
	m.RepositoryAdded("raw", "files")
	must(t, m.AddSelector(Selector{Name: "docs", Expression: `format == "raw" and path =^ "/docs/"`}))
	must(t, m.AddPrivilege(Privilege{Name: "docs-read", Type: ContentSelector, Format: "raw", Repository: "*", ContentSelector: "docs", Actions: []string{"READ"}}))
	must(t, m.AddRole(Role{ID: "reader", Privileges: []string{"nx-repository-view-raw-files-read", "nx-blobstores-create"}}))
	must(t, m.AddRole(Role{ID: "outer", Roles: []string{"reader"}, Privileges: []string{"docs-read", "shared-read"}}))
	must(t, m.AddSelector(Selector{Name: "shared", Expression: `path =^ "/shared/"`}))
	must(t, m.AddPrivilege(Privilege{Name: "shared-read", Type: ContentSelector, Format: "maven2", Repository: "*", ContentSelector: "shared", Actions: []string{"READ"}}))
	must(t, m.AddUser(User{UserID: "joe", Status: Active, Roles: []string{"outer"}}, "secret"))
	joe := Principal{UserID: "joe"}
	for _, check := range []struct {
		what string
		got  bool
		want bool
	}{
		{"read the files", m.AllowedContent(joe, "raw", "files", "/a", "read"), true},
		{"write the files", m.AllowedContent(joe, "raw", "files", "/a", "edit"), false},
		{"read another repository", m.AllowedContent(joe, "raw", "other", "/a", "read"), false},
		{"read documents of another repository", m.AllowedContent(joe, "raw", "other", "/docs/a", "read"), true},
		{"read by the selector of all Maven repositories in one of raw, as on the real server", m.AllowedContent(joe, "raw", "other", "/shared/a", "read"), true},
		{"make blob stores", m.Allowed(joe, "nexus", "blobstores", "create"), true},
		{"delete blob stores", m.Allowed(joe, "nexus", "blobstores", "delete"), false},
		{"everything", m.Allowed(joe, "nexus", "*"), false},
		{"everything, as admin", m.Allowed(Principal{UserID: "admin"}, "nexus", "*"), true},
		{"anything, as nobody", m.Allowed(Principal{}, "nexus", "search", "read"), false},
	} {
		if check.got != check.want {
			t.Errorf("may %s: %t, want %t", check.what, check.got, check.want)
		}
	}
	must(t, m.DeleteRole("reader"))
	if m.AllowedContent(joe, "raw", "files", "/a", "read") {
		t.Error("the deleted role still counts")
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestExpressions(t *testing.T) {
	for text, want := range map[string]bool{
		`format == "raw"`: true,
		`format == "maven2" or path =~ "/docs/.*\\.txt"`: true,
		`path =~ "/docs"`:       false,
		`path != '/docs/a.txt'`: false,
		`format`:                true, // useless, but accepted
		`(format == "raw" && path =^ "/x") || path =^ "/d"`: true,
	} {
		parsed, err := parseExpression(text)
		if err != nil || parsed.matches("raw", "/docs/a.txt") != want {
			t.Errorf("%s: want %t (%v)", text, want, err)
		}
	}
	for _, text := range []string{"", `format == raw`, `coordinate.groupId == "x"`, `path =~ "["`, `(path == "a"`, `path == "a" path`} {
		if CheckExpression(text) == nil {
			t.Errorf("%q is accepted", text)
		}
	}
}

func TestDeletingARepositoryRemovesItsPrivilegesFromRoles(t *testing.T) {
	m := open(t, t.TempDir(), "x")
	m.RepositoryAdded("raw", "files")
	m.RepositoryAdded("raw", "files-2")
	held := []string{"nx-repository-view-raw-files-read", "nx-repository-admin-raw-files-edit", "nx-repository-view-raw-files-2-read", "nx-search-read"}
	if err := m.AddRole(Role{ID: "theirs", Privileges: held}); err != nil {
		t.Fatal(err)
	}
	if err := m.RepositoryRemoved("raw", "files"); err != nil {
		t.Fatal(err)
	}
	role, _ := m.Role("theirs")
	if len(role.Privileges) != 2 || role.Privileges[0] != held[2] || role.Privileges[1] != held[3] {
		t.Error("the role holds", role.Privileges)
	}
}
