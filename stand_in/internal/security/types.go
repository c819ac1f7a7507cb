// Package security manages users, roles, privileges, realms and anonymous access, and checks permissions.
package security

// User is an account of the local user source.
type User struct {
	UserID       string   `json:"userId"`
	FirstName    string   `json:"firstName"`
	LastName     string   `json:"lastName"`
	EmailAddress string   `json:"emailAddress"`
	Status       string   `json:"status"`
	Roles        []string `json:"roles"`
	PasswordHash string   `json:"passwordHash"`
}

// The states of a user.
const (
	Active         = "active"
	Disabled       = "disabled"
	Locked         = "locked"
	ChangePassword = "changepassword"
)

// Role bundles privileges and other roles.
type Role struct {
	ID          string   `json:"id"`
	Source      string   `json:"source"`
	Name        string   `json:"name"`
	Description string   `json:"description"`
	ReadOnly    bool     `json:"readOnly"`
	Privileges  []string `json:"privileges"`
	Roles       []string `json:"roles"`
}

// The types of privileges.
const (
	Wildcard        = "wildcard"
	Application     = "application"
	RepositoryView  = "repository-view"
	RepositoryAdmin = "repository-admin"
	ContentSelector = "repository-content-selector"
	Script          = "script"
)

// Privilege permits actions.
type Privilege struct {
	Type            string   `json:"type"`
	Name            string   `json:"name"`
	Description     string   `json:"description"`
	ReadOnly        bool     `json:"readOnly"`
	Actions         []string `json:"actions,omitempty"`
	Pattern         string   `json:"pattern,omitempty"`
	Domain          string   `json:"domain,omitempty"`
	Format          string   `json:"format,omitempty"`
	Repository      string   `json:"repository,omitempty"`
	ContentSelector string   `json:"contentSelector,omitempty"`
	ScriptName      string   `json:"scriptName,omitempty"`
	Damaged         bool     `json:"damaged,omitempty"` // by an update through the path of another type
}

// Anonymous are the settings for requests without credentials.
type Anonymous struct {
	Enabled   bool   `json:"enabled"`
	UserID    string `json:"userId"`
	RealmName string `json:"realmName"`
}

// Realm is a source of authentication.
type Realm struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Format    string `json:"-"` // of repositories; empty: any
	NotInCore bool   `json:"-"` // not in the open-source core
}

// The realms that matter to the server itself.
const (
	AuthenticatingRealm = "NexusAuthenticatingRealm"
	AuthorizingRealm    = "NexusAuthorizingRealm"
	DockerTokenRealm    = "DockerToken"
)

var allRealms = []Realm{
	{ID: "ConanToken", Name: "Conan Bearer Token Realm", Format: "conan"},
	{ID: "DefaultRole", Name: "Default Role Realm"},
	{ID: DockerTokenRealm, Name: "Docker Bearer Token Realm", Format: "docker"},
	{ID: "LdapRealm", Name: "LDAP Realm", NotInCore: true},
	{ID: AuthenticatingRealm, Name: "Local Authenticating Realm"},
	{ID: NpmToken, Name: "npm Bearer Token Realm", Format: "npm"},
	{ID: "NuGetApiKey", Name: "NuGet API-Key Realm", Format: "nuget"},
	{ID: "rutauth-realm", Name: "Rut Auth Realm", NotInCore: true},
}
