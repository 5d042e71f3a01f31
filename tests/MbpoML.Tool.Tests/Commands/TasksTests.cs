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
}
