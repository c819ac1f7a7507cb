package repositories

import (
	"fmt"

	"repository-store/nexus-stand-in/internal/content"
	"repository-store/nexus-stand-in/internal/problem"
	"repository-store/nexus-stand-in/internal/schema"
)

// CheckRequest applies the checks that the real server makes before it checks permissions.
func (m *Manager) CheckRequest(path, name string, values schema.Values) error {
	record, err := m.convert(m.byPath[path], values)
	if err != nil {
		return err
	}
	var current *Record
	if found, exists := m.Find(name); exists {
		current = &found
	}
	if record.Name != name {
		return problem.Refuse("Renaming a repository is not supported")
	}
	return m.checkBlobStore(&record, current)
}

// Create creates a repository of the format and type of the path.
func (m *Manager) Create(path string, values schema.Values) error {
	record, err := m.convert(m.byPath[path], values)
	if err != nil {
		return err
	}
	record.Instance = newInstance()
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if err := m.check(&record, nil); err != nil {
		return err
	}
	if err := m.insert(record); err != nil {
		m.security.RepositoryFailed(record.Format, record.Name)
		return err
	}
	m.security.RepositoryAdded(record.Format, record.Name)
	m.onChanged()
	return nil
}

func (m *Manager) insert(record Record) error {
	if m.settings.Frozen() {
		return problem.Refuse("INSERT is not allowed while the application is frozen")
	}
	if len(record.Name) > 200 {
		return problem.Refuse("%s", tooLong(record.Name))
	}
	added, err := m.records.Insert(record.Name, record)
	if err == nil && !added {
		return problem.Refuse("Duplicate key")
	}
	return err
}

// Update replaces the definition of a repository; the path may name another format, as the real server allows.
func (m *Manager) Update(path, name string, values schema.Values) error {
	current, ok := m.Find(name)
	if !ok {
		return problem.Status(404)
	}
	if _, busy := m.updating.LoadOrStore(current.Instance, struct{}{}); busy || m.isStopped(current.Instance) {
		if !busy {
			m.updating.Delete(current.Instance)
		}
		return problem.Refuse("Invalid state: STOPPED; allowed: [STARTED]")
	}
	defer m.updating.Delete(current.Instance)
	record, err := m.converted(path, current, values)
	if err != nil {
		return err
	}
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if err := m.check(&record, &current); err != nil {
		return err
	}
	if m.settings.Frozen() {
		m.stop(current.Instance)
		return problem.Refuse("UPDATE is not allowed while the application is frozen")
	}
	if err := m.records.Put(record.Name, record); err != nil {
		return err
	}
	m.retire(record.Instance)
	m.onChanged()
	return nil
}

// converted builds the record for an update.
func (m *Manager) converted(path string, current Record, values schema.Values) (Record, error) {
	if values.String("name") != current.Name {
		return current, problem.Refuse("Renaming a repository is not supported")
	}
	requested := m.byPath[path]
	record, err := m.convert(requested, values)
	if err != nil {
		return current, err
	}
	if missing := missingIn(record, requested, current); missing != nil {
		return current, missing
	}
	record.Name, record.Format, record.Instance = current.Name, current.Format, current.Instance
	return record, nil
}

// missingIn returns violations for what an update through the path of another format or type lacks.
func missingIn(record Record, requested *recipe, current Record) error {
	var found problem.Violations
	add := func(id string) {
		found = append(found, problem.Violations{{ID: id, Message: "must not be null"}}...)
	}
	if requested.kind != current.Type {
		add(missingPart[current.Type])
	}
	if current.Format == "apt" && current.Type == content.Hosted && record.Parts.Part("aptSigning") == nil {
		add("Config.attributes[aptSigning].keypair")
	}
	if found == nil {
		return nil
	}
	return found
}

// missingPart is the property that an update through the path of another type lacks.
var missingPart = map[string]string{
	content.Hosted: "Config.attributes[storage].writePolicy",
	content.Proxy:  "ProxyConfig.attributes[proxy].remoteUrl",
	content.Group:  "Config.attributes[group].memberNames",
}

// Delete removes a repository, and first its membership in groups. Its files stay in the blob store.
func (m *Manager) Delete(name string) error {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	record, ok := m.Find(name)
	switch {
	case !ok:
		return problem.Status(404)
	case m.settings.Frozen():
		return problem.ReadOnly{}
	case m.isStopped(record.Instance):
		return &problem.Fault{Class: "org.sonatype.nexus.common.stateguard.InvalidStateException", Message: "Invalid state: STOPPED; allowed: [STARTED]"}
	}
	if err := m.leaveGroups(record); err != nil {
		return err
	}
	if _, err := m.records.Delete(record.Name); err != nil {
		return err
	}
	if err := m.security.RepositoryRemoved(record.Format, record.Name); err != nil {
		return err
	}
	m.retire(record.Instance)
	m.onChanged()
	return m.assets(record).Drop()
}

func (m *Manager) isStopped(instance string) bool {
	m.runMutex.Lock()
	defer m.runMutex.Unlock()
	return m.stopped[instance]
}

func (m *Manager) stop(instance string) {
	m.runMutex.Lock()
	defer m.runMutex.Unlock()
	m.stopped[instance] = true
}

// tooLong is the error of the real server's database about a name that is too long.
func tooLong(name string) string {
	return fmt.Sprintf("\n### Error updating database.  Cause: %[1]s\n"+
		"### The error may exist in org/sonatype/nexus/repository/config/ConfigurationDAO.xml\n"+
		"### The error may involve org.sonatype.nexus.repository.config.ConfigurationDAO.create-Inline\n"+
		"### The error occurred while setting parameters\n"+
		"### SQL: INSERT INTO repository (id, name, recipe_name, online, routing_rule_id, attributes)         VALUES (?, ?, ?, ?, ?, ?);\n"+
		"### Cause: %[1]s",
		fmt.Sprintf("org.h2.jdbc.JdbcSQLDataException: Value too long for column \"NAME CHARACTER VARYING(200)\": \"'%s... (%d)\"; SQL statement:\n"+
			"INSERT INTO repository (id, name, recipe_name, online, routing_rule_id, attributes)\n        VALUES (?, ?, ?, ?, ?, ?) [22001-232]",
			name[:79], len(name)))
}
