using MbpoML.Training;
using static MbpoML.Tests.BadInput.BadCase;
using static TorchSharp.torch;

namespace MbpoML.Tests.BadInput;

/// <summary>Going on from what is no checkpoint or another run's, and learners given a state that is not theirs.</summary>
internal static class ResumeCases
{
    private const string Resume = "MbpoTrainer.Resume(string)";
    private const string Open = "MbpoTrainer.Open(string)";
    private const string Since = "TrainingSnapshot.TransitionsSince(int)";
    private const string OfFit = "TrainingSnapshot.TransitionsOfFit()";
    private const string Further = "TrainingSnapshot.OptimizeFurther(IReadOnlyList<int>, CancellationToken)";
    private const string Train = "MbpoTrainer.Train(IDataView)";
    private const string Exists = "Checkpointing.Exists(string)";
    private const string SetState = "IResumable.SetState(IReadOnlyDictionary<string, Tensor>)";

    public static IEnumerable<BadCase> All =>
    [
        Bad<ArgumentNullException>(Open, "no path", () => Trainer("run").Open(null!), "path"),
        Bad<ArgumentException>(Open, "a blank path", () => Trainer("run").Open(" "), "path"),
        Bad<CheckpointException>(Open, "no such file", () => Trainer("run").Open("missing.checkpoint"), "missing.checkpoint", "cannot be opened"),
        Bad<CheckpointException>(Open, "a run with other settings", () => AfterRun(folder => Trainer(folder, preset => preset.Trainer.UpdatesPerStep = 2).Open(folder)), "UpdatesPerStep was 1 and is 2"),
        Bad<ArgumentOutOfRangeException>(Since, "a step before the first", () => InSnapshot(snapshot => snapshot.TransitionsSince(-1)), "step", "-1"),
        Bad<ArgumentOutOfRangeException>(Since, "the last step", () => InSnapshot(snapshot => snapshot.TransitionsSince(snapshot.Step)), "step", "below"),
        Bad<InvalidOperationException>(OfFit, "a run that fits no model", () => InFolder(folder =>
        {
            var trainer = Trainer(folder, preset => preset.Trainer.RealRatio = 1);
            trainer.Fit().Dispose();
            using var snapshot = trainer.Open(folder);
            snapshot.TransitionsOfFit();
        }), "No dynamics model was fitted"),
        Bad<ArgumentNullException>(Further, "no numbers", () => InSnapshot(snapshot => snapshot.OptimizeFurther(null!)), "updates"),
        Bad<ArgumentException>(Further, "a negative number", () => InSnapshot(snapshot => snapshot.OptimizeFurther([-1])), "updates", "[-1]"),
        Bad<ArgumentException>(Further, "numbers that descend", () => InSnapshot(snapshot => snapshot.OptimizeFurther([2, 1])), "updates", "[2, 1]"),
        Bad<OperationCanceledException>(Further, "a cancelled token", () => InSnapshot(snapshot => snapshot.OptimizeFurther([1], new CancellationToken(canceled: true)))),
        Bad<ArgumentNullException>(Resume, "no path", () => Trainer("run").Resume(null!), "path"),
        Bad<ArgumentException>(Resume, "a blank path", () => Trainer("run").Resume(" "), "path"),
        Bad<CheckpointException>(Resume, "no such file", () => Trainer("run").Resume("missing.checkpoint"), "missing.checkpoint", "cannot be opened"),
        Bad<CheckpointException>(Resume, "an empty folder", () => InFolder(folder => Trainer(folder).Resume(folder)), "There is no checkpoint"),
        Bad<CheckpointException>(Resume, "another kind of file", () => InFolder(folder =>
        {
            File.WriteAllBytes(Path.Combine(folder, "picture.png"), new byte[1000]);
            Trainer(folder).Resume(Path.Combine(folder, "picture.png"));
        }), "picture.png", "does not begin as a checkpoint"),
        Bad<CheckpointException>(Resume, "a run with other settings", () => AfterRun(folder => Trainer(folder, preset => preset.Trainer.UpdatesPerStep = 2).Resume(folder)), "UpdatesPerStep was 1 and is 2"),
        Bad<CheckpointException>(Resume, "a run of another seed", () => AfterRun(folder => Trainer(folder, preset => preset.Trainer.Seed = 2).Resume(folder)), "of the seed 1", "Seed is 2"),
        Bad<CheckpointException>(Train, "a folder of another run", () => AfterRun(folder => Trainer(folder).Train()), "checkpoints of another run", "Resume"),
        Bad<ArgumentNullException>("Checkpointing.Files(string)", "null", () => Checkpointing.Files(null!), "folder"),
        Bad<ArgumentException>("Checkpointing.Files(string)", "blank", () => Checkpointing.Files(""), "folder"),
        Bad<ArgumentNullException>(Exists, "null", () => Checkpointing.Exists(null!), "folder"),
        Bad<ArgumentException>(Exists, "blank", () => Checkpointing.Exists(""), "folder"),
        Bad<ArgumentNullException>(SetState, "null", () => Restore(_ => null!), "state"),
        Bad<ArgumentException>(SetState, "nothing", () => Restore(_ => new Dictionary<string, Tensor>()), "state", "has no '"),
        Bad<ArgumentException>(SetState, "a part left out", () => Change(state => state.Remove("critics")), "state", "has no 'critics'"),
        Bad<ArgumentException>(SetState, "a part that is null", () => Change(state => state["critics"] = null!), "state", "has no 'critics'"),
        Bad<ArgumentException>(SetState, "another network's", () => Change(state => state["actor"] = zeros(1, 7)), "state", "'actor'", "[1, 7]"),
        Bad<ArgumentException>(SetState, "doubles", () => Change(state => state["actor"] = state["actor"].to(float64)), "state", "'actor'", "Float64"),
        Bad<ArgumentException>(SetState, "a negative count", () => Change(state => state["actor-optimizer.steps"] = tensor([-1L])), "state", "'actor-optimizer.steps'", "is -1"),
        Bad<ArgumentException>(SetState, "negative updates", () => Change(state => state["metric-updates"] = tensor([0L, -3L])), "state", "[0, -3]"),
        Bad<ArgumentException>(SetState, "no generator's state", () => Change(state => state["noise"] = zeros_like(state["noise"])), "state", "random generator"),
        Bad<ObjectDisposedException>(SetState, "a disposed part", () => Change(state => state["actor"] = Samples.Disposed(1, 7)), "state", "'actor'"),
    ];

    private static MbpoTrainer Trainer(string folder, Action<MbpoPreset>? change = null)
    {
        var preset = Samples.TinyPreset();
        preset.Trainer.Checkpoints = new Checkpointing { Folder = folder };
        change?.Invoke(preset);
        return Samples.Rl.Mbpo(Samples.Environment(), preset);
    }

    private static void AfterRun(Action<string> use) => InFolder(folder =>
    {
        Trainer(folder).Fit().Dispose();
        use(folder);
    });

    private static void InSnapshot(Action<TrainingSnapshot> use) => AfterRun(folder =>
    {
        using var snapshot = Trainer(folder).Open(folder);
        use(snapshot);
    });

    private static void InFolder(Action<string> use)
    {
        using var folder = new TemporaryFolder();
        use(folder.FullName);
    }

    private static void Change(Action<Dictionary<string, Tensor>> change) => Restore(state =>
    {
        change(state);
        return state;
    });

    // What is refused must leave the learner as it is.
    private static void Restore(Func<Dictionary<string, Tensor>, IReadOnlyDictionary<string, Tensor>> change)
    {
        using var scope = NewDisposeScope();
        using var learner = Samples.Rl.Policies.SoftActorCritic(Samples.TinyActorCritic()).CreateLearner(Samples.Layout, Samples.Actions, 1);
        using var other = Samples.Rl.Policies.SoftActorCritic(Samples.TinyActorCritic()).CreateLearner(Samples.Layout, Samples.Actions, 2);
        var observation = ones(1, 2);
        var before = learner.Act(observation).item<float>();
        try
        {
            ((IResumable)learner).SetState(change(new Dictionary<string, Tensor>(((IResumable)other).GetState())));
        }
        finally
        {
            Assert.That(learner.Act(observation).item<float>(), Is.EqualTo(before));
        }
    }
}
