package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
)

const submitDeadline = 30 * time.Second

// request is the argument of the workflow.
type request struct {
	Movie       json.RawMessage `json:"movie"`
	Fingerprint string          `json:"fingerprint"`
	Caller      string          `json:"caller"`
}

// submission is the answer of update "submit".
type submission struct {
	Project     string `json:"project"`
	Fingerprint string `json:"fingerprint"`
	Caller      string `json:"caller"`
}

// keyReused says that the key belongs to another movie; nothing was sent.
type keyReused struct{ key, project string }

func (e keyReused) Error() string {
	return fmt.Sprintf("key %s belongs to another movie, project %s", e.key, e.project)
}

// submit starts the render or joins it, and waits until the provider has accepted the movie. It returns true if another
// call started the render.
func submit(ctx context.Context, c client.Client, taskQueue, key string, movie json.RawMessage) (bool, error) {
	print, err := fingerprint(movie, nil)
	if err != nil {
		return false, err
	}
	mine := request{Movie: movie, Fingerprint: print, Caller: uuid.NewString()}
	start := c.NewWithStartWorkflowOperation(client.StartWorkflowOptions{
		ID:                       key, // the workflow ID is the key, unchanged
		TaskQueue:                taskQueue,
		Memo:                     map[string]any{"fingerprint": print, "ignore": []string{}},
		WorkflowIDReusePolicy:    enumspb.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
	}, "renderMovie", mine)
	ctx, cancel := context.WithTimeout(ctx, submitDeadline)
	defer cancel()
	update, err := c.UpdateWithStartWorkflow(ctx, client.UpdateWithStartWorkflowOptions{
		StartWorkflowOperation: start,
		UpdateOptions: client.UpdateWorkflowOptions{
			// All callers use one update ID. So each gets the first one's result, also after the render closed.
			UpdateID:     "submit",
			WorkflowID:   key,
			UpdateName:   "submit",
			WaitForStage: client.WorkflowUpdateStageCompleted,
		},
	})
	if err != nil {
		return false, err
	}
	var answer submission
	if err := update.Get(ctx, &answer); err != nil {
		return false, err
	}
	// The engine does not compare movies, so every caller must.
	if answer.Fingerprint != print {
		return false, keyReused{key, answer.Project}
	}
	return answer.Caller != mine.Caller, nil
}

// outcome waits for the end of an accepted render. It returns the status and, if that is "done", the video.
func outcome(ctx context.Context, c client.Client, key string) (map[string]any, error) {
	var ended map[string]any
	err := c.GetWorkflow(ctx, key, "").Get(ctx, &ended)
	return ended, err
}
