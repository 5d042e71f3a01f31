using MbpoML.Environments;
using MbpoML.Environments.Wrappers;
using MbpoML.Experiments.Tasks;
using MbpoML.Tool.Tasks;

namespace MbpoML.Tool.Tests.Commands;

[Category("Text")]
public class TasksTests
{
    [Test]
    public void Every_task_and_algorithm_is_listed()
    {
        var output = ToolResult.Of("tasks").Output;
        Assert.Multiple(() =>
        {
            foreach (var task in TaskList.All) Assert.That(output, Does.Contain(task.Name).And.Contain(task.Optimum));
            foreach (var algorithm in Algorithm.All) Assert.That(output, Does.Contain(algorithm.Summary));
        });
    }

    // The last rows of src/MbpoML.Plotting/Published.
    [TestCase("Hopper", "MBPO 3,278 at 125,000 steps")]
    [TestCase("Walker2d", "MBPO 4,893 at 300,000 steps")]
    [TestCase("HalfCheetah", "MBPO 13,163 at 400,000 steps")]
    [TestCase("Ant", "MBPO 5,426 at 300,000 steps")]
    [TestCase("Humanoid", "MBPO 5,157 at 300,000 steps")]
    public void What_is_known_of_a_legged_task_is_what_is_published(string task, string expected) =>
        Assert.That(TaskList.Named(task).Optimum, Is.EqualTo(expected));

    [Test]
    public void Names_count_whatever_their_case() => Assert.That(TaskList.Named("cartpoleswingup").Name, Is.EqualTo("CartPoleSwingUp"));

    // As the authors ran it, and with iCEM; other algorithms take settings of its size.
    [TestCase("MbrlCartPole", "paper", "CrossEntropy", 10_200, "[500, 500, 500]")]
    [TestCase("MbrlCartPole", "fast", "ImprovedCrossEntropy", 10_200, "[500, 500, 500]")]
    [TestCase("MbrlHalfCheetah", "paper", "CrossEntropy", 301_000, "[200, 200, 200, 200]")]
    public void The_tasks_of_PETS_have_the_settings_of_its_paper(string task, string preset, string method, int steps, string units)
    {
        var settings = RunOptions.Of(TaskList.Named(task), preset, Algorithm.Named("pets"), 1).Settings.Describe();
        Assert.That((settings["Trainer.Method"], settings["Trainer.Steps"], settings["Dynamics.HiddenSizes"]), Is.EqualTo((method, $"{steps}", units)));
        Assert.That(RunOptions.Of(TaskList.Named(task), preset, Algorithm.Named("sac"), 1).Settings.Describe()["Policy.HiddenSizes"], Is.Not.EqualTo(units));
    }

    [TestCase("mbpo", "900", "90")]
    [TestCase("pets", "900", "90")]
    [TestCase("metrpo", "900", "90")]
    public void The_line_is_learned_by_whole_episodes(string algorithm, string steps, string epoch)
    {
        var task = TaskList.Named("line");
        using var environment = task.Create();
        Assert.That((task.Observations, task.Actions, environment.MaxEpisodeSteps), Is.EqualTo((2, 1, (int?)30)));
        var settings = RunOptions.Of(task, null, Algorithm.Named(algorithm), 1).Settings.Describe();
        Assert.That((settings["Trainer.Steps"], settings["Trainer.EpochLength"]), Is.EqualTo((steps, epoch)));
    }

    [TestCase("MbrlSwimmer", "paper", "[1000, 1000, 1000, 1000]", "250")]
    [TestCase("MbrlSwimmer", "fast", "[200, 200, 200, 200]", "100")]
    [TestCase("MbblHalfCheetah", "paper", "[1000, 1000, 1000, 1000]", "50")]
    public void The_tasks_of_MBBL_have_its_settings(string task, string preset, string units, string episodes)
    {
        var settings = RunOptions.Of(TaskList.Named(task), preset, Algorithm.Named("metrpo"), 1).Settings.Describe();
        Assert.That((settings["Trainer.Steps"], settings["Dynamics.HiddenSizes"], settings["Policy.EpisodesPerUpdate"]),
            Is.EqualTo(("198000", units, episodes)));
    }

    [TestCase("PixelLine", 16, 30, 30)]
    [TestCase("PixelPendulum", 32, 100, 60)]
    [TestCase("PixelCartPoleSwingUp", 32, 40, 100)]
    [TestCase("PixelDmcCartPoleSwingUp", 32, 125, 100)]
    [TestCase("PixelDmcCartPoleSwingUp64", 64, 125, 100)]
    public void Tasks_of_pixels_are_made_as_they_say(string name, int size, int episode, int episodes)
    {
        var task = TaskList.Named(name);
        using var environment = task.Create();
        var frame = new double[environment.ObservationSpace.Size];
        environment.Reset(1, frame);
        Assert.That(environment.FindFrameShape(), Is.EqualTo(new FrameShape(name.Contains("Dmc", StringComparison.Ordinal) ? 3 : 1, size, size)));
        Assert.That((task.Observations, task.Actions, environment.MaxEpisodeSteps), Is.EqualTo((frame.Length, environment.ActionSpace.Size, (int?)episode)));
        Assert.That(frame.Distinct().Count(), Is.GreaterThan(3));
        var trainer = RunOptions.Of(task, null, Algorithm.Named("sac"), 1).Settings.TrainerOptions;
        Assert.That((trainer.EpochLength, trainer.InitialExplorationSteps, trainer.Steps),
            Is.EqualTo((episode, (int?)(5 * episode), (5 + episodes) * episode)));
    }
}
