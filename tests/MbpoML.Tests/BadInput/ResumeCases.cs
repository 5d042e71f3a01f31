using MbpoML.Algorithms.Mbpo;
using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Saving;
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
    private const string RestoreState = "ISaved.Restore(IStateReader)";

    public static IEnumerable<BadCase> All =>
    [
        Bad<ArgumentNullException>(Open, "no path", () => Trainer("run").Open(null!), "path"),
        Bad<ArgumentException>(Open, "a blank path", () => Trainer("run").Open(" "), "path"),
        Bad<CheckpointException>(Open, "no such file", () => Trainer("run").Open("missing.checkpoint"), "missing.checkpoint", "cannot be opened"),
        Bad<CheckpointException>(Open, "a run with other settings",
            () => AfterRun(folder => Trainer(folder, preset => preset.Trainer.UpdatesPerStep = 2).Open(folder)), "UpdatesPerStep was 1 and is 2"),
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
        Bad<OperationCanceledException>(
            Further, "a cancelled token", () => InSnapshot(snapshot => snapshot.OptimizeFurther([1], new CancellationToken(canceled: true)))),
        Bad<ArgumentNullException>(Resume, "no path", () => Trainer("run").Resume(null!), "path"),
        Bad<ArgumentException>(Resume, "a blank path", () => Trainer("run").Resume(" "), "path"),
        Bad<CheckpointException>(Resume, "no such file", () => Trainer("run").Resume("missing.checkpoint"), "missing.checkpoint", "cannot be opened"),
        Bad<CheckpointException>(Resume, "an empty folder", () => InFolder(folder => Trainer(folder).Resume(folder)), "There is no checkpoint"),
        Bad<CheckpointException>(Resume, "another kind of file", () => InFolder(folder =>
        {
            File.WriteAllBytes(Path.Combine(folder, "picture.png"), new byte[1000]);
            Trainer(folder).Resume(Path.Combine(folder, "picture.png"));
        }), "picture.png", "does not begin as a checkpoint"),
        Bad<CheckpointException>(Resume, "a run with other settings",
            () => AfterRun(folder => Trainer(folder, preset => preset.Trainer.UpdatesPerStep = 2).Resume(folder)), "UpdatesPerStep was 1 and is 2"),
        Bad<CheckpointException>(Resume, "a run of another seed", () => AfterRun(folder => Trainer(folder, preset => preset.Trainer.Seed = 2).Resume(folder)),
            "of the seed 1", "Seed is 2"),
        Bad<CheckpointException>(Train, "a folder of another run", () => AfterRun(folder => Trainer(folder).Train()), "checkpoints of another run", "Resume"),
        Bad<ArgumentNullException>("Checkpointing.Files(string)", "null", () => Checkpointing.Files(null!), "folder"),
        Bad<ArgumentException>("Checkpointing.Files(string)", "blank", () => Checkpointing.Files(""), "folder"),
        Bad<ArgumentNullException>(Exists, "null", () => Checkpointing.Exists(null!), "folder"),
        Bad<ArgumentException>(Exists, "blank", () => Checkpointing.Exists(""), "folder"),
        Bad<ArgumentNullException>("ISaved.Save(IStateWriter)", "null",
            () => ((ISaved)Samples.Rl.Policies.SoftActorCritic(Samples.TinyActorCritic()).CreateLearner(Samples.Layout, Samples.Actions, 1)).Save(null!), "to"),
        Bad<ArgumentNullException>(
            RestoreState, "null", () =>
                ((ISaved)Samples.Rl.Policies.SoftActorCritic(Samples.TinyActorCritic())
                    .CreateLearner(Samples.Layout, Samples.Actions, 1)).Restore(null!), "from"),
        Bad<CheckpointException>(RestoreState, "a part left out", () => Change("critics", null), "has no 'critics'"),
        Bad<CheckpointException>(RestoreState, "another network's", () => Change("actor", zeros(1, 7)), "'actor'", "[1, 7]"),
        Bad<CheckpointException>(RestoreState, "doubles", () => Change("actor", zeros(1, 7, float64)), "'actor'", "Float64"),
        Bad<CheckpointException>(RestoreState, "a negative count", () => Change("actor-optimizer.steps", tensor([-1L])), "'actor-optimizer.steps'", "is -1"),
        Bad<CheckpointException>(RestoreState, "negative updates", () => Change("metric-updates", tensor([0L, -3L])), "[0, -3]"),
        Bad<CheckpointException>(RestoreState, "no generator's state", () => Change("noise", zeros(5056, uint8)), "random generator"),
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

    // What is refused must leave the learner as it is.
    private static void Change(string name, Tensor? value)
    {
        using var scope = NewDisposeScope();
        using var learner = Samples.Rl.Policies.SoftActorCritic(Samples.TinyActorCritic()).CreateLearner(Samples.Layout, Samples.Actions, 1);
        using var other = Samples.Rl.Policies.SoftActorCritic(Samples.TinyActorCritic()).CreateLearner(Samples.Layout, Samples.Actions, 2);
        using var state = StateMemory.Of((ISaved)other);
        state.Replace(name, value);
        var observation = ones(1, 2);
        var before = learner.Act(observation).item<float>();
        try
        {
            ((ISaved)learner).Restore(state);
        }
        finally
        {
            Assert.That(learner.Act(observation).item<float>(), Is.EqualTo(before));
        }
    }
}
