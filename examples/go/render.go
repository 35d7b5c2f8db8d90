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

// submit starts the render or joins it, and waits until the provider has accepted the movie. It says whether another
// call had started it before.
func submit(ctx context.Context, c client.Client, taskQueue, key string, movie json.RawMessage) (bool, error) {
	print, err := fingerprint(movie)
	if err != nil {
		return false, err
	}
	mine := request{Movie: movie, Fingerprint: print, Caller: uuid.NewString()}
	start := c.NewWithStartWorkflowOperation(client.StartWorkflowOptions{
		ID:                       key, // the workflow ID is the key, with nothing added
		TaskQueue:                taskQueue,
		Memo:                     map[string]any{"fingerprint": print},
		WorkflowIDReusePolicy:    enumspb.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
	}, "renderMovie", mine)
	ctx, cancel := context.WithTimeout(ctx, submitDeadline)
	defer cancel()
	update, err := c.UpdateWithStartWorkflow(ctx, client.UpdateWithStartWorkflowOptions{
		StartWorkflowOperation: start,
		UpdateOptions: client.UpdateWorkflowOptions{
			// One update ID for all callers: each is answered from the first one's result, also after the render closed.
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
	// The engine does not look at the movie, so every caller compares.
	if answer.Fingerprint != print {
		return false, keyReused{key, answer.Project}
	}
	return answer.Caller != mine.Caller, nil
}

// outcome awaits what becomes of an accepted render: its status, and the video where that is "done".
func outcome(ctx context.Context, c client.Client, key string) (map[string]any, error) {
	var ended map[string]any
	err := c.GetWorkflow(ctx, key, "").Get(ctx, &ended)
	return ended, err
}
