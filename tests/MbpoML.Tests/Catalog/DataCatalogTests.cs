using MbpoML.Catalog;
using MbpoML.Data;
using MbpoML.Tests.Data;
using MbpoML.Tests.Environments;
using MbpoML.Tests.Fakes;
using Microsoft.Extensions.Logging;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MbpoML.Tests.Catalog;

[Category("Text")]
public class DataCatalogTests
{
    private readonly DataCatalog _data = SampleData.Catalog();

    [Test]
    public void Transitions_that_do_not_fit_are_named()
    {
        static Transition Row(float[] observation, float[] action, float reward, float[] next) =>
            new() { Observation = observation, Action = action, Reward = reward, NextObservation = next };
        var good = Row([1, 2], [3], 4, [5, 6]);
        Assert.Multiple(() =>
        {
            Assert.That(() => _data.FromTransitions([]), Throws.ArgumentException.With.Message.Contains("no transition"));
            Assert.That(() => _data.FromTransitions([good, null!]), Throws.ArgumentException.With.Message.Contains("Transition 1 is null"));
            Assert.That(() => _data.FromTransitions([good, Row([1], [3], 4, [5, 6])]),
                Throws.ArgumentException.With.Message.Contains("Transition 1 has 1 values as Observation").And.Message.Contains("tells 2"));
            Assert.That(() => _data.FromTransitions([good, Row([1, 2], [3, 3], 4, [5, 6])]),
                Throws.ArgumentException.With.Message.Contains("has 2 values as Action"));
            Assert.That(() => _data.FromTransitions([Row([1, 2], [3], 4, [5])]),
                Throws.ArgumentException.With.Message.Contains("Transition 0 has 1 values as NextObservation"));
            Assert.That(() => _data.FromTransitions([Row([1, 2], [], 4, [5, 6])]),
                Throws.ArgumentException.With.Message.Contains("Transition 0 has no Action"));
            Assert.That(() => _data.FromTransitions([Row([1, 2], [3], 4, null!)]),
                Throws.ArgumentException.With.Message.Contains("Transition 0 has no NextObservation"));
            Assert.That(() => _data.FromTransitions([good, Row([1, float.NaN], [3], 4, [5, 6])]),
                Throws.ArgumentException.With.Message.Contains("Transition 1 has NaN as Observation[1]"));
            Assert.That(() => _data.FromTransitions([Row([1, 2], [3], float.PositiveInfinity, [5, 6])]),
                Throws.ArgumentException.With.Message.Contains("Transition 0 has the reward Infinity"));
        });
    }

    // A clock in seconds since 1970, as objects and as an environment gives it; the same clock from zero.
    [TestCase(1.7e9, true)]
    [TestCase(1.7e9, false)]
    [TestCase(0, true)]
    [TestCase(0, false)]
    public void Numbers_that_float32_cannot_hold_are_named(double offset, bool recorded)
    {
        var lines = new List<string>();
        using var factory = LoggerFactory.Create(builder => builder.AddProvider(new ListLoggerProvider(lines)));
        var data = new MLContext(1).Reinforcement(factory).Data;
        double Time(int step) => offset + (0.5 * step);
        if (recorded) data.Record(new ScriptedEnvironment { SecondObservation = Time }, 50, seed: 1);
        else
            data.FromTransitions(
                Enumerable.Range(0, 50).Select(
                    step => new Transition
                    {
                        Observation = [7, (float)Time(step)],
                        Action = [step % 3],
                        Reward = 1,
                        NextObservation = [7, (float)Time(step + 1)]
                    }));
        Assert.That(
            lines.Where(line => line.Contains("observation 1 is of the size 1.7e+09", StringComparison.Ordinal) &&
                line.Contains("float32 holds steps of 128", StringComparison.Ordinal)).ToArray(), Has.Length.EqualTo(offset > 0 ? 1 : 0));
        Assert.That(lines, Has.Count.EqualTo(offset > 0 ? 1 : 0));
    }

    [Test]
    public void Episodes_become_their_steps()
    {
        var episodes = new[]
        {
            new Episode { Observations = [[0], [1], [2]], Actions = [[10], [11]], Rewards = [5, 6], Terminated = true },
            new Episode { Observations = [[3], [4]], Actions = [[12]], Rewards = [7], Truncated = true },
        };
        var view = _data.FromEpisodes(episodes);
        using var table = _data.Read(view);
        Assert.That(table.Rows.data<float>().ToArray(), Is.EqualTo(new float[] { 0, 10, 5, 1, 0, 0, 1, 11, 6, 2, 1, 0, 3, 12, 7, 4, 0, 1 }));
        Assert.That(view.GetColumn<int>("EpisodeId"), Is.EqualTo(new[] { 0, 0, 1 }));
    }

    [Test]
    public void Episodes_whose_lists_do_not_fit_are_named()
    {
        var good = new Episode { Observations = [[0], [1]], Actions = [[1]], Rewards = [1] };
        var bad = new Episode { Observations = [[0], [1]], Actions = [[1], [2]], Rewards = [1, 2] };
        Assert.That(() => _data.FromEpisodes([good, bad]),
            Throws.ArgumentException.With.Message.Contains("Episode 1 has 2 observations, 2 actions and 2 rewards"));
    }

    [Test]
    public void A_class_without_the_columns_is_refused() =>
        Assert.That(() => _data.LoadFromEnumerable(["text"], 1, 1),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("Could not find input column 'Observation'"));

    [Test]
    public void Recording_tells_the_story_of_the_environment()
    {
        using var environment = new SampleData.CountingEnvironment();
        var view = _data.Record(environment, steps: 10, policy: (observation, action) => action[0] = observation[1] / 2, seed: 7);
        using var table = _data.Read(view);
        var expected = Enumerable.Range(0, 10).SelectMany(row =>
        {
            var (episode, step) = (row / 4, row % 4);
            var end = step == 3;
            return new[] { episode, step, step / 2f, step / 2f, episode, step + 1, end && episode % 2 == 0
                ? 1 : 0, (end && episode % 2 == 1) || row == 9 ? 1 : 0 };
        });
        Assert.That(table.Rows.data<float>().ToArray(), Is.EqualTo(expected));
        Assert.That(view.GetColumn<int>("EpisodeId"), Is.EqualTo(new[] { 0, 0, 0, 0, 1, 1, 1, 1, 2, 2 }));
        Assert.That(environment.Seeds.Distinct().Count(), Is.EqualTo(3));
    }

    [Test]
    public void Random_recording_follows_the_seed_and_the_bounds()
    {
        float[] Actions(DataCatalog data, int? seed)
        {
            using var environment = new SampleData.CountingEnvironment();
            return [.. data.Record(environment, steps: 400, seed: seed).GetColumn<float[]>("Action").Select(action => action[0])];
        }
        var actions = Actions(_data, 7);
        var (fromContext, fromEqualContext) = (Actions(SampleData.Catalog(3), null), Actions(SampleData.Catalog(3), null));
        Assert.Multiple(() =>
        {
            Assert.That(actions, Is.All.InRange(-2f, 2f));
            // Uniform on [-2, 2]: standard deviation 1.155, so the mean of 400 has 0.058.
            Assert.That(actions.Average(), Is.EqualTo(0).Within(0.25));
            Assert.That(actions.Max() - actions.Min(), Is.GreaterThan(3.8));
            Assert.That(Actions(_data, 7), Is.EqualTo(actions));
            Assert.That(Actions(_data, 8), Is.Not.EqualTo(actions));
            Assert.That(fromContext, Is.EqualTo(fromEqualContext).And.Not.EqualTo(actions));
        });
    }
}
