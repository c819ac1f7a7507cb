package content

import (
	"net/http"
	"strings"
)

// Methods dispatches by HTTP method; a missing method is answered with 405 and the allowed methods.
type Methods struct {
	Get, Put, Post, Delete http.HandlerFunc
}

func (m Methods) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	handlers := map[string]http.HandlerFunc{
		http.MethodGet: m.Get, http.MethodHead: m.Get, http.MethodPut: m.Put, http.MethodPost: m.Post, http.MethodDelete: m.Delete,
	}
	if handle := handlers[r.Method]; handle != nil {
		handle(w, r)
		return
	}
	var allowed []string
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPut, http.MethodPost, http.MethodDelete} {
		if handlers[method] != nil {
			allowed = append(allowed, method)
		}
	}
	w.Header().Set("Allow", strings.Join(allowed, ","))
	WriteStatus(w, r, http.StatusMethodNotAllowed, r.Method+" is not possible here")
}

// Receive answers a PUT: the body becomes the asset of path. check may reject the staged body; nil accepts everything.
func Receive(w http.ResponseWriter, r *http.Request, repository *Repository, path string, options PutOptions, check func(*Staged) error) {
	if Refused(w, r, repository, path) {
		return
	}
	if err := repository.CheckWrite(path); err != nil {
		refuse(w, r, repository, path, err)
		return
	}
	staged, err := repository.Store.Stage(r.Context(), r.Body)
	if err != nil {
		WriteError(w, r, err)
		return
	}
	if check != nil {
		if err := check(staged); err != nil {
			repository.Store.Discard(staged)
			refuse(w, r, repository, path, err)
			return
		}
	}
	if _, err := repository.Store.Commit(r.Context(), path, staged, options); err != nil {
		WriteError(w, r, err)
		return
	}
	w.WriteHeader(http.StatusCreated)
}

// refuse answers a rejected PUT. Like the real server it leaves an empty component behind.
func refuse(w http.ResponseWriter, r *http.Request, repository *Repository, path string, reason error) {
	if err := repository.Store.AddComponent(path); err != nil {
		reason = err
	}
	WriteError(w, r, reason)
}

// Remove answers a DELETE.
func Remove(w http.ResponseWriter, r *http.Request, repository *Repository, path string) {
	if repository.Store.Get(path) == nil {
		WriteError(w, r, ErrNotFound)
		return
	}
	if Refused(w, r, repository, path) {
		return
	}
	if err := repository.CheckDelete(); err != nil {
		WriteError(w, r, err)
		return
	}
	removed, err := repository.Store.Delete(path)
	switch {
	case err != nil:
		WriteError(w, r, err)
	case !removed:
		WriteError(w, r, ErrNotFound)
	default:
		w.WriteHeader(http.StatusNoContent)
	}
}
