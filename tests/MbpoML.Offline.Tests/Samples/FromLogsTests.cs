using FromLogs;
using MbpoML.Environments.Wrappers;
using static TorchSharp.torch;

namespace MbpoML.Offline.Tests.Samples;

/// <summary>The plant of samples/FromLogs, its log, and the recordings of a real one.</summary>
[Category("Text")]
public class FromLogsTests
{
    [Test]
    public void The_plant_keeps_the_contract_and_its_reward_is_the_known_one()
    {
        using var scope = NewDisposeScope();
        using var plant = new ThermalPlant().WithChecks();
        var (before, after) = (new double[6], new double[6]);
        plant.Reset(3, before);
        for (var isOver = false; !isOver;)
        {
            double[] action = [30 + before[2] - before[0], 80];
            var result = plant.Step(action, after);
            var known = ThermalPlant.KnownReward.Evaluate(Row(before), Row(action), Row(after)).item<float>();
            Assert.That(known, Is.EqualTo(result.Reward).Within(1e-3 * (1 + Math.Abs(result.Reward))));
            isOver = result.Done;
            after.CopyTo(before, 0);
        }
    }

    [Test]
    public void The_log_has_whole_episodes_and_the_same_for_the_same_seed()
    {
        var (first, second) = (PlantLog.Record(episodes: 2, seed: 1).ToArray(), PlantLog.Record(episodes: 2, seed: 1).ToArray());
        Assert.Multiple(() =>
        {
            Assert.That(first, Has.Length.EqualTo(120));
            Assert.That(first.Count(row => row.Truncated), Is.EqualTo(2));
            Assert.That(first.SelectMany(row => row.NextObservation), Is.EqualTo(second.SelectMany(row => row.NextObservation)));
        });
    }

    [Test]
    public void Recordings_are_read_every_ten_seconds_and_a_controller_that_ran_away_is_left_out()
    {
        using var folder = new TemporaryFolder();
        IEnumerable<string> Rows(string name, int temperature) =>
            Enumerable.Range(0, 41).Select(second => FormattableString.Invariant($"{name},{second},{second},20,{temperature},40,41,42"));
        File.WriteAllLines(
            folder["tclab_cl.csv"],
            ["experiment,second,heater_1,heater_2,temperature_1,temperature_2,setpoint_1,setpoint_2", .. Rows("good", 40), .. Rows("wild", 90)]);
        var told = new List<string>();
        var transitions = RecordedPlant.Read(folder.FullName, told.Add);
        Assert.Multiple(() =>
        {
            Assert.That(told, Has.Count.EqualTo(2));
            Assert.That(told[1], Does.Contain("wild").And.Contain("left out"));
            Assert.That(transitions.Select(row => row.Action[0]), Is.EqualTo(new[] { 10f, 20, 30 }));
            Assert.That(transitions[0].Observation, Is.EqualTo(new[] { 40f, 40, 41, 42, 0, 20 }));
            Assert.That(transitions[^1].Truncated);
        });
    }

    [Test]
    public void A_folder_without_recordings_is_an_error()
    {
        using var folder = new TemporaryFolder();
        Assert.That(() => RecordedPlant.Read(folder.FullName, _ => { }), Throws.TypeOf<FileNotFoundException>().With.Message.Contains("tclab_cl.csv"));
    }

    private static Tensor Row(double[] values) => tensor(values).to(ScalarType.Float32).unsqueeze(0);
}
