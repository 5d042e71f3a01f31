using MbpoML.Data;
using MbpoML.Dynamics.Ensemble;
using static TorchSharp.torch;

namespace MbpoML.Tests.Dynamics.Ensemble;

/// <summary>Which episodes a fit holds out.</summary>
public class EpisodeHoldoutTests
{
    private static readonly TransitionLayout Layout = new(1, 1);

    // Lengths of the episodes, and which of them are held out.
    [TestCase(new[] { 3, 2, 4, 1, 2, 3 }, 1.0 / 3, new[] { 1, 4 })]
    [TestCase(new[] { 2, 2 }, 1.0 / 3, new[] { 1 })]
    [TestCase(new[] { 2, 2, 2 }, 0.1, new[] { 2 })]
    [TestCase(new[] { 2, 2, 2, 2 }, 0.5, new[] { 0, 2 })]
    public void Whole_episodes_are_held_out(int[] lengths, double ratio, int[] expected)
    {
        using var scope = NewDisposeScope();
        var (rows, numbers) = Rows(lengths);
        var (heldOut, learned) = EpisodeHoldout.Split(Layout, rows, ratio);
        Assert.That(Of(heldOut).Select(row => numbers[row]).Distinct(), Is.EqualTo(expected));
        Assert.That(Of(heldOut).Concat(Of(learned)).Order(), Is.EqualTo(Enumerable.Range(0, numbers.Length)));
        Assert.That(Of(learned).Select(row => numbers[row]).Intersect(expected), Is.Empty);
    }

    [Test]
    public void An_episode_stays_where_it_is_when_others_come()
    {
        using var scope = NewDisposeScope();
        var few = Of(EpisodeHoldout.Split(Layout, Rows([3, 3, 3, 3]).Rows, 0.4).HeldOut);
        var many = Of(EpisodeHoldout.Split(Layout, Rows([3, 3, 3, 3, 3, 3, 3, 3]).Rows, 0.4).HeldOut);
        Assert.That(many.Where(row => row < 12), Is.EqualTo(few));
    }

    [Test]
    public void Of_a_single_episode_the_end_is_held_out()
    {
        using var scope = NewDisposeScope();
        Assert.That(Of(EpisodeHoldout.Split(Layout, Rows([9]).Rows, 1.0 / 3).HeldOut), Is.EqualTo(new[] { 6, 7, 8 }));
        Assert.That(Of(EpisodeHoldout.Split(Layout, Rows([2]).Rows, 0.9).HeldOut), Is.EqualTo(new[] { 1 }));
    }

    // Each row counted as an episode, and a fit was measured on rows between those it learned from.
    [Test]
    public void Episodes_of_environments_that_step_at_once_are_held_out_whole()
    {
        using var scope = NewDisposeScope();
        var (rows, numbers) = Rows([5, 5, 4, 4]);
        long[] turns = [0, 5, 1, 6, 2, 7, 3, 8, 4, 9, 10, 14, 11, 15, 12, 16, 13, 17];
        var (heldOut, learned) = EpisodeHoldout.Split(Layout, rows.index_select(0, tensor(turns)), 0.5);
        Assert.That(Of(heldOut).Select(row => numbers[turns[row]]).Distinct(), Is.EqualTo(new[] { 0, 2 }));
        Assert.That(Of(learned).Select(row => numbers[turns[row]]).Distinct(), Is.EqualTo(new[] { 1, 3 }));
    }

    [Test]
    public void A_fit_learns_from_none_of_them()
    {
        using var scope = NewDisposeScope();
        var (rows, _) = Rows([3, 3, 3]);
        // Numbers of the input scale tell which rows were learned from.
        var options = LinearGaussianSystem.SmallOptions();
        (options.HoldsOutEpisodes, options.HoldoutRatio, options.MaxEpochs, options.MaxHoldoutRows) = (true, 1.0 / 3, 1, 2);
        using var learner = new EnsembleLearner(Layout, options, 1);
        learner.Fit(rows, CancellationToken.None);
        var learned = Layout.Observation(rows).index_select(0, tensor((long[])[0, 1, 2, 6, 7, 8])).mean().item<float>();
        Assert.That(learner.Ensemble.InputScale.Mean[0, 0].item<float>(), Is.EqualTo(learned).Within(1e-5));
        Assert.That((learner.Report!.TrainingRows, learner.Report.HoldoutRows), Is.EqualTo((6L, 2L)), "the most that are held out");
    }

    // Each episode goes on by one a step and begins at ten times its number.
    private static (Tensor Rows, int[] Numbers) Rows(int[] lengths)
    {
        var numbers = lengths.SelectMany((length, episode) => Enumerable.Repeat(episode, length)).ToArray();
        var rows = zeros(numbers.Length, Layout.Width);
        for (var row = 0; row < numbers.Length; row++)
        {
            var step = numbers.Take(row).Count(number => number == numbers[row]);
            rows[row].narrow(0, 0, 1).fill_((10 * numbers[row]) + step);
            rows[row].narrow(0, Layout.NextObservationOffset, 1).fill_((10 * numbers[row]) + step + 1);
        }

        return (rows, numbers);
    }

    private static int[] Of(Tensor rows) => [.. rows.data<long>().ToArray().Select(row => (int)row)];
}
