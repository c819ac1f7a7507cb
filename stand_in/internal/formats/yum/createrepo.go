package yum

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"repository-store/nexus-stand-in/internal/content"
)

const toolTimeout = 10 * time.Minute

// createrepo generates the metadata of packages (path below the directory -> asset).
func (m *metadata) createrepo(packages map[string]string, groups string) error {
	if m.empty = len(packages) == 0; m.empty {
		m.fingerprint = ""
		return nil
	}
	fingerprint := m.fingerprintOf(packages, groups)
	if fingerprint == m.fingerprint {
		return nil
	}
	work, err := m.workDir()
	if err != nil {
		return err
	}
	tree := filepath.Join(work, packageTree)
	replaced, err := m.link(tree, packages)
	if err != nil {
		return err
	}
	arguments := []string{"--quiet", "--no-database", "--general-compress-type=gz", "--error-exit-val"}
	if current := filepath.Join(work, currentGeneration); !replaced && exists(filepath.Join(current, repodata, manifestName)) {
		arguments = append(arguments, "--update", "--update-md-path="+current)
	}
	if groups != "" {
		file, err := blobFile(m.store, groups)
		if err != nil {
			return err
		}
		arguments = append(arguments, "--groupfile="+file)
	}
	err = m.generate(work, func(directory string) error {
		return runTool("createrepo_c", append(arguments, "--outputdir="+directory, tree)...)
	})
	if err == nil {
		m.fingerprint = fingerprint
	}
	return err
}

func (m *metadata) fingerprintOf(packages map[string]string, groups string) string {
	var lines []string
	for _, asset := range packages {
		if stored := m.store.Get(asset); stored != nil {
			lines = append(lines, asset+"\x00"+stored.Blob)
		}
	}
	if stored := m.store.Get(groups); groups != "" && stored != nil {
		lines = append(lines, "groups\x00"+stored.Blob)
	}
	sort.Strings(lines)
	return strings.Join(lines, "\x00")
}

// link mirrors the packages as symbolic links. It reports whether a link was replaced: then old metadata must not be
// reused, since createrepo_c compares only size and time.
func (m *metadata) link(tree string, packages map[string]string) (replaced bool, err error) {
	if err := dropLinks(tree, packages); err != nil {
		return false, err
	}
	for relative, asset := range packages {
		file, err := blobFile(m.store, asset)
		if errors.Is(err, content.ErrNotFound) || errors.Is(err, content.ErrBlobMissing) {
			continue // deleted concurrently
		}
		if err != nil {
			return false, err
		}
		link := filepath.Join(tree, filepath.FromSlash(relative))
		if target, err := os.Readlink(link); err == nil {
			if target == file {
				continue
			}
			replaced = true
			if err := os.Remove(link); err != nil {
				return false, err
			}
		}
		if err := os.MkdirAll(filepath.Dir(link), 0o755); err != nil {
			return false, err
		}
		if err := os.Symlink(file, link); err != nil {
			return false, err
		}
	}
	return replaced, nil
}

// dropLinks removes the links of deleted packages.
func dropLinks(tree string, packages map[string]string) error {
	if err := os.MkdirAll(tree, 0o755); err != nil {
		return err
	}
	return filepath.WalkDir(tree, func(file string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		relative, err := filepath.Rel(tree, file)
		if err != nil {
			return err
		}
		if _, wanted := packages[filepath.ToSlash(relative)]; wanted {
			return nil
		}
		return os.Remove(file)
	})
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}

func runTool(name string, arguments ...string) error {
	ctx, cancel := context.WithTimeout(context.Background(), toolTimeout)
	defer cancel()
	command := exec.CommandContext(ctx, name, arguments...)
	var messages bytes.Buffer
	command.Stdout, command.Stderr = &messages, &messages
	err := command.Run()
	if errors.Is(err, exec.ErrNotFound) {
		return fmt.Errorf("%s is not on the PATH: install the package createrepo-c (Debian) or createrepo_c (Fedora)", name)
	}
	if err != nil {
		return fmt.Errorf("%s: %w: %s", name, err, lastLine(messages.String()))
	}
	return nil
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}
