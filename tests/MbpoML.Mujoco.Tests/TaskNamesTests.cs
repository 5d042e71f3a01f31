using System.Xml.Linq;

namespace MbpoML.Mujoco.Tests;

/// <summary>The names of the tasks' dimensions belong to the model's joints and motors, in their order.</summary>
[Category("Text")]
public class TaskNamesTests
{
    private static IEnumerable<string> Tasks => MujocoTasks.All.Select(task => task.Name);

    [TestCaseSource(nameof(Tasks))]
    public void Each_dimension_has_its_own_name(string task)
    {
        using var environment = MujocoTasks.Named(task).Create();
        Assert.That(environment.ObservationSpace.Names, Has.Count.EqualTo(environment.ObservationSpace.Size).And.Unique);
        Assert.That(environment.ActionSpace.Names, Has.Count.EqualTo(environment.ActionSpace.Size).And.Unique);
    }

    [TestCase("Hopper", 2)]
    [TestCase("Walker2d", 2)]
    [TestCase("HalfCheetah", 2)]
    [TestCase("Ant", 5)]
    [TestCase("Humanoid", 5)]
    public void Joints_and_motors_stand_in_the_models_order(string task, int firstJoint)
    {
        using var environment = MujocoTasks.Named(task).Create();
        var model = XDocument.Load(
            typeof(MujocoTasks).Assembly.GetManifestResourceStream(
                typeof(MujocoTasks).Assembly.GetManifestResourceNames().Single(name => name.EndsWith($"{task}.xml", StringComparison.Ordinal)))!);
        string[] joints = [.. model.Descendants("joint").Select(joint => (string?)joint.Attribute("name")).OfType<string>()
            .Where(name => !name.StartsWith("root", StringComparison.Ordinal))];
        string[] motors = [.. model.Descendants("motor").Select(motor => (string?)motor.Attribute("joint")).OfType<string>()];
        var (observations, actions) = (environment.ObservationSpace.Names!, environment.ActionSpace.Names!);
        Assert.Multiple(() =>
        {
            for (var index = 0; index < joints.Length; index++)
            {
                Assert.That(observations[firstJoint + index],
                    Is.EqualTo(observations[^(joints.Length - index)].Replace(" velocity", "", StringComparison.Ordinal)), "position and velocity of a joint");
                Assert.That(Words(observations[firstJoint + index]), Is.EqualTo(Words(joints[index])));
            }

            Assert.That(actions.Select(Words), Is.EqualTo(motors.Select(Words)));
        });
    }

    // The words of a name without what only the file says, in one order: "left thigh" and "thigh_left_joint", "back foot" and "bfoot".
    private static string Words(string name)
    {
        var words = name.Replace("_joint", "", StringComparison.Ordinal).Replace("shoulder1", "shoulder 1", StringComparison.Ordinal)
            .Replace("shoulder2", "shoulder 2", StringComparison.Ordinal).Split(' ', '_');
        if (words is [['b' or 'f', ..] one] && one != "foot") words = [one[0] == 'b' ? "back" : "front", one[1..]];
        return string.Join(' ', words.Order(StringComparer.Ordinal));
    }
}
