package shim

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
)

// contextSchema is a property of the published plugin, which the provider of 2022 lacks.
func contextSchema() *schema.Schema {
	return &schema.Schema{
		Type:        schema.TypeString,
		Optional:    true,
		DefaultFunc: schema.EnvDefaultFunc("DOCKER_CONTEXT", ""),
	}
}

// useContext replaces the host by that of the docker context, if there is one: like the published plugin, it prefers
// DOCKER_CONTEXT even to a given host.
func useContext(data *schema.ResourceData) error {
	name, _ := data.Get("context").(string)
	if name == "" {
		return nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return err
	}
	files, err := filepath.Glob(filepath.Join(home, ".docker", "contexts", "meta", "*", "meta.json"))
	if err != nil {
		return err
	}
	for _, file := range files {
		var found struct {
			Name      string
			Endpoints map[string]struct{ Host string }
		}
		content, err := os.ReadFile(file)
		if err == nil && json.Unmarshal(content, &found) == nil && found.Name == name {
			return data.Set("host", found.Endpoints["docker"].Host)
		}
	}
	return fmt.Errorf("docker context %q not found", name)
}
