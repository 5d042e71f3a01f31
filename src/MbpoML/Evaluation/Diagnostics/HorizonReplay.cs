using MbpoML.Acting;
using MbpoML.Data;
using MbpoML.Dynamics;
using MbpoML.Environments;
using MbpoML.Imagination;
using MbpoML.Numerics.Kernels;
using MbpoML.Numerics.Random;
using static TorchSharp.torch;

namespace MbpoML.Evaluation.Diagnostics;

/// <summary>Imagines the continuation of many places of real episodes, with the actions that were really taken.</summary>
internal static class HorizonReplay
{
    private const int MostEpisodes = 50;

    public static HorizonError Run(IDynamicsModel model, IEnvironment environment, IPolicy policy, int horizon, int starts, int samples, int seed)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)Seeds.Derive(seed, "horizon"), CPU);
        var task = new ImaginedEnvironment(model);
        var episodes = Record(environment, policy, horizon, starts, seed, generator);
        var places = Places(episodes, horizon, starts, seed);
        var scale = Scale(episodes);
        var states = At(places, 0, observations: true).repeat_interleave(samples, 0);
        var (errors, spreads) = (new double[horizon], new double[horizon]);
        for (var step = 0; step < horizon; step++)
        {
            using var passing = NewDisposeScope();
            var imagined = task.StepUnchecked(states, At(places, step, observations: false).repeat_interleave(samples, 0), generator).NextObservation;
            var scaled = imagined.to(ScalarType.Float64).div(scale).view(places.Count, samples, -1);
            var actual = At(places, step + 1, observations: true).to(ScalarType.Float64).div(scale).unsqueeze(1);
            (errors[step], spreads[step]) = Measure(scaled, actual);
            states = imagined.MoveToOuterDisposeScope();
        }

        double all = episodes.Sum(episode => episode.Actions.Count);
        var usable = episodes.Sum(episode => Usable(episode, horizon));
        var terminated = episodes.Where(episode => episode.Terminated).Sum(episode => episode.Actions.Count - Usable(episode, horizon));
        return new HorizonError(errors, spreads, places.Count, usable / all, terminated / all);
    }

    // As many episodes as give enough places that lie apart, within a bound: episodes may be short.
    private static List<Episode> Record(IEnvironment environment, IPolicy policy, int horizon, int starts, int seed, Generator generator)
    {
        var episodes = new List<Episode>();
        for (var (index, places) = (0, 0); index < MostEpisodes && places < starts; index++)
        {
            var episode = EpisodeRecorder.Record(
                environment, policy, PolicyEvaluator.DefaultMaxEpisodeSteps, Seeds.Derive(seed, "horizon-episode", index), generator);
            episodes.Add(episode);
            places += Usable(episode, horizon);
        }

        return episodes;
    }

    // The places of an episode with a horizon of steps after them.
    private static int Usable(Episode episode, int horizon) => Math.Max(0, episode.Actions.Count - horizon + 1);

    private static List<(Episode Episode, int First)> Places(List<Episode> episodes, int horizon, int starts, int seed)
    {
        var all = episodes.SelectMany(episode => Enumerable.Range(0, Usable(episode, horizon)).Select(first => (episode, first))).ToArray();
        if (all.Length == 0)
            throw new ArgumentException(
                Invariant($"None of {episodes.Count} episodes had {horizon} steps; the longest had {episodes.Max(episode => episode.Actions.Count)}. Give a ") +
                    "shorter horizon.",
                nameof(horizon));
        var random = new RandomSource(Seeds.Derive(seed, "horizon-places"));
        var chosen = new List<(Episode, int)>();
        // The first of a random order, without repetition.
        for (var index = 0; index < Math.Min(starts, all.Length); index++)
        {
            var other = index + random.NextInt32(all.Length - index);
            (all[index], all[other]) = (all[other], all[index]);
            chosen.Add(all[index]);
        }

        return chosen;
    }

    private static Tensor Scale(IEnumerable<Episode> episodes)
    {
        using var scope = NewDisposeScope();
        var rows = episodes.SelectMany(episode => episode.Observations).ToArray();
        var states = tensor(rows.SelectMany(row => row).ToArray(), rows.Length, rows[0].Length).to(ScalarType.Float64);
        return UnitDeviation.Of(states, states.abs().amax([0L])).MoveToOuterDisposeScope();
    }

    // [places, width], of the step of each place's episode.
    private static Tensor At(List<(Episode Episode, int First)> places, int step, bool observations)
    {
        var rows = places.Select(place => (observations ? place.Episode.Observations : place.Episode.Actions)[place.First + step]).ToArray();
        return tensor(rows.SelectMany(row => row).ToArray(), rows.Length, rows[0].Length);
    }

    // Of [places, samples, width] beside [places, 1, width]; the formulas are those of HorizonError.
    private static (double Error, double Spread) Measure(Tensor imagined, Tensor actual)
    {
        var (samples, mean) = (imagined.size(1), imagined.mean([1L], true));
        var variance = (imagined - mean).Squared().mean().item<double>() * samples / (samples - 1);
        var distance = (mean - actual).Squared().mean().item<double>();
        return (Math.Sqrt(Math.Max(0, distance - (variance / samples))), Math.Sqrt(variance));
    }
}
