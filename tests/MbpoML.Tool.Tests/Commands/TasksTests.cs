using MbpoML.Tool.Tasks;

namespace MbpoML.Tool.Tests.Commands;

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

    [Test]
    public void Names_count_whatever_their_case() => Assert.That(TaskList.Named("cartpoleswingup").Name, Is.EqualTo("CartPoleSwingUp"));
}
