using System.Text.Json;
using MbpoML.Experiments.Tasks;

namespace MbpoML.Experiments.Tests;

[Category("Text")]
public class RunSpecTests
{
    private static IEnumerable<TestCaseData> Wrong =>
    [
        new(TinyRun.Spec with { Task = null }, "Task is null and Environment is null"),
        new(TinyRun.Spec with { Environment = "My.dll" }, "Task is 'Pendulum' and Environment is 'My.dll'"),
        new(TinyRun.Spec with { Task = "Pendulm" }, "There is no task 'Pendulm'. Did you mean Pendulum?"),
        new(TinyRun.Spec with { Preset = "slow" }, "Pendulum has no preset 'slow'. Allowed: tuned, fast"),
        new(TinyRun.Spec with { Algorithm = "mbop" }, "There is no algorithm 'mbop'. Did you mean mbpo?"),
        new(TinyRun.Spec with { Seed = -1 }, "Seed is -1"),
        new(TinyRun.Spec with { TimeLimit = 0 }, "TimeLimit is 0"),
        new(TinyRun.Spec with { TimeLimit = 5 }, "only an Environment takes one"),
        new(TinyRun.Spec with { Label = " " }, "Label is ' '"),
        new(TinyRun.Spec with { Logged = "nowhere.csv" }, "nowhere.csv"),
        new(TinyRun.Spec with { Assignments = ["Policy.LearningRat=1"] }, "The nearest: Policy.LearningRate"),
        new(TinyRun.Spec with { Assignments = ["Policy.LearningRate=-1"] }, "LearningRate"),
        new(TinyRun.Spec with { Assignments = ["Trainer.Seed=1"] }, "Trainer.Seed is given by"),
        new(TinyRun.Spec with { Assignments = null! }, "Assignments is null"),
        new(TinyRun.Spec with { Assignments = [null!] }, "Assignments has a null"),
        new(TinyRun.Spec with { Algorithm = null! }, "Algorithm is null"),
    ];

    [TestCaseSource(nameof(Wrong))]
    public void What_cannot_be_is_refused(RunSpec spec, string expected) =>
        Assert.That(() => spec.Resolve(TaskCatalog.Analytic), Throws.TypeOf<RunSpecException>().With.Message.Contains(expected));

    [Test]
    public void It_is_what_it_was_after_a_journey_as_text()
    {
        var spec = TinyRun.Spec with { Label = "mine", Preset = "fast" };
        var arrived = JsonSerializer.Deserialize<RunSpec>(JsonSerializer.Serialize(spec));
        Assert.That(arrived, Is.EqualTo(spec));
        Assert.That(arrived!.GetHashCode(), Is.EqualTo(spec.GetHashCode()));
        Assert.That(arrived with { Assignments = [] }, Is.Not.EqualTo(spec));
    }

    [Test]
    public void Assignments_count_in_their_order_and_label_and_seed_stand_in_the_options()
    {
        var options =
            (TinyRun.Spec with { Label = "mine", Assignments = [.. TinyRun.Spec.Assignments, "Policy.LearningRate=1e-3", "Policy.LearningRate=2e-3"] }).Resolve(
                TaskCatalog.Analytic);
        Assert.That((options.Label, options.Seed, options.MbpoSettings.Policy.LearningRate, options.Task.Name), Is.EqualTo(("mine", 3, 2e-3, "Pendulum")));
    }
}
