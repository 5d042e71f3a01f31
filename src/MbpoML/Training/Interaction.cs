using MbpoML.Acting;
using MbpoML.Data.Replay;
using MbpoML.Environments;
using MbpoML.Numerics.Random;
using MbpoML.Saving;
using MbpoML.Training.Watches;
using static TorchSharp.torch;

namespace MbpoML.Training;

/// <summary>The training episodes: acts, puts each transition into the real pool at once, and keeps count of returns.</summary>
/// <remarks>
/// The official sampler inserts whole episodes only when they end, so that refits inside a long episode see old data; here every step counts at once.
/// Episodes go on across epochs, and only the clock's end is a truncation. An episode that is dropped because the environment failed leaves its transitions as
/// they are. Several environments make their steps at once, in rounds: each begins one with the policy of that moment, and the steps count one by one, in
/// the order of the environments. So what is learned does not depend on how long each of them takes. A round ends where the exploration, an epoch or the run
/// ends: no step is under way there.
/// </remarks>
internal sealed partial class Interaction : ISaved, IDisposable
{
    private readonly EpisodeLane[] _lanes;
    private readonly ReplayPool _pool;
    private readonly HostSettings _settings;
    private readonly RunCounters _counters;
    private readonly int _seed;
    private readonly RandomSource _exploration;
    private readonly Generator _acting;
    private readonly IEpisodeSink? _sink;
    // Made once: a delegate a step would be garbage a step.
    private readonly Action<EpisodeLane> _randomly, _byPolicy;
    private double _returnSum;
    private int _returnCount;
    // The environment whose step counts next.
    private int _turn;

    /// <param name="environments">The training environments, one or more.</param>
    /// <param name="pool">Where every transition goes.</param>
    /// <param name="policy">Its actions are drawn.</param>
    /// <param name="settings">Where episodes are cut, how long a random action is held, and whether the environment makes its steps on a thread of its
    /// own.</param>
    /// <param name="counters">The steps so far.</param>
    /// <param name="seed">Decides the starts of the episodes and the draws of the actions.</param>
    /// <param name="failures">Decides what becomes of an episode in which the environment failed.</param>
    /// <param name="sink">Receives every step beside the pool; null: nobody does. It takes one environment.</param>
    public Interaction(
        IReadOnlyList<IEnvironment> environments, ReplayPool pool, IPolicy policy, HostSettings settings, RunCounters counters, int seed,
        EpisodeFailures failures, IEpisodeSink? sink = null)
    {
        (Failures, _sink, _randomly, _byPolicy) = (failures, sink, ChooseRandomly, ChooseByPolicy);
        (_pool, _settings, _counters, _seed) = (pool, settings, counters, seed);
        // Everything random has a stream of its own, so that a change in one place shifts no draw in another.
        _exploration = new RandomSource(Seeds.Derive(seed, "exploration"));
        _acting = new Generator((ulong)Seeds.Derive(seed, "acting"), CPU);
        _lanes = [.. environments.Select((environment, lane) => new EpisodeLane(environment, policy.NewActor(), NoiseOf(environment, lane), settings))];
    }

    /// <summary>The episodes that were dropped because the environment failed.</summary>
    public EpisodeFailures Failures { get; }

    /// <summary>Finished episodes.</summary>
    public int Episodes { get; private set; }

    /// <summary>Episodes that were cut because a resumed run could not put the environment back into them.</summary>
    public int CutEpisodes { get; private set; }

    /// <summary>Whether no episode is under way in any environment.</summary>
    public bool BetweenEpisodes => Array.TrueForAll(_lanes, lane => !lane.Episode.IsUnderWay);

    /// <summary>Whether no episode is under way in the first environment, so that it may be reset without cutting one.</summary>
    public bool LeadIsBetweenEpisodes => !Lead.Episode.IsUnderWay;

    /// <summary>The return of the last finished episode.</summary>
    public double? LastReturn { get; private set; }

    /// <summary>Sees every transition as the environment gave it; null: nobody does.</summary>
    public DataWatch? Watch { private get; set; }

    /// <summary>Called when the task terminates for the first time.</summary>
    public Action? FirstTermination { private get; set; }

    /// <summary>Whether a step was begun whose transition does not count yet.</summary>
    public bool IsUnderWay => Array.Exists(_lanes, lane => lane.IsUnderWay);

    // The one that is lent to evaluations.
    private EpisodeLane Lead => _lanes[0];

    /// <summary>Checks that a policy can take the noise of the exploration.</summary>
    /// <param name="policy">Acts in the run.</param>
    /// <param name="noise">The noise that the options ask for.</param>
    /// <exception cref="InvalidOperationException">It cannot.</exception>
    public static void CheckNoise(IPolicy policy, ExplorationNoise noise)
    {
        if (noise == ExplorationNoise.White) return;
        using var actor = policy.NewActor();
        if (actor is not INoisyActor)
            throw new InvalidOperationException(
                $"ExplorationNoise is {noise}, which gives a policy the noise that it draws with, but the actor of {policy.GetType().Name} is no " +
                    $"{nameof(INoisyActor)}: implement it, or leave ExplorationNoise at {nameof(ExplorationNoise.White)}.");
    }

    /// <summary>Waits until the first environment makes no step, so that its state can be read and set.</summary>
    public void SettleLead() => Lead.Settle();

    /// <summary>One step with a uniformly random action, which is held for a number of steps.</summary>
    public void StepRandomly() => Step(_randomly);

    /// <summary>One step with an action drawn from the policy, or the end of the one that was begun before.</summary>
    public void StepWithPolicy() => Step(_byPolicy);

    /// <summary>Begins a step with an action drawn from the policy, or a round of steps; each counts when <see cref="StepWithPolicy"/> is called.</summary>
    public void BeginStep()
    {
        if (!_lanes[_turn].IsUnderWay) BeginRound(_byPolicy);
    }

    /// <summary>Drops the episode of the first environment, or throws where the run is to stop: the environment failed.</summary>
    public void AbandonLead(EnvironmentException failure) => Abandon(Lead, failure);

    /// <summary>The mean return of the episodes that ended since the last call, or null when none did.</summary>
    public double? TakeMeanReturn()
    {
        double? mean = _returnCount == 0 ? null : _returnSum / _returnCount;
        (_returnSum, _returnCount) = (0, 0);
        return mean;
    }

    public void Dispose()
    {
        foreach (var lane in _lanes) lane.Dispose();
        _acting.Dispose();
    }

    private PinkNoise? NoiseOf(IEnvironment environment, int lane) => _settings.ExplorationNoise != ExplorationNoise.Pink ? null
        : new PinkNoise(lane == 0 ? Seeds.Derive(_seed, "exploration-noise") : Seeds.Derive(_seed, "exploration-noise", lane), environment.ActionSpace.Size);

    private void Step(Action<EpisodeLane> choose)
    {
        var lane = _lanes[_turn];
        if (!lane.IsUnderWay) BeginRound(choose);
        while (!EndStep(lane))
        {
            // Its episode was dropped: it begins another one by itself.
            BeginEpisodeIfNeeded(lane);
            choose(lane);
            lane.Begin();
        }

        _turn = (_turn + 1) % _lanes.Length;
    }

    private void BeginRound(Action<EpisodeLane> choose)
    {
        for (var (turn, left) = (_turn, Room); left > 0; (turn, left) = ((turn + 1) % _lanes.Length, left - 1))
        {
            var lane = _lanes[turn];
            // One that a resumed run was put back into has its result already.
            if (lane.IsUnderWay) continue;
            BeginEpisodeIfNeeded(lane);
            choose(lane);
            lane.Begin();
        }
    }

    // Steps that can be begun with this policy: no evaluation and no end lies between them.
    private int Room
    {
        get
        {
            var (step, first) = (_counters.Step, _counters.FirstPolicyStep);
            var end = step < first ? first : Math.Min(_settings.Steps, step + _settings.EpochLength - ((step - first) % _settings.EpochLength));
            return Math.Clamp(end - step, 1, _lanes.Length);
        }
    }

    private void ChooseRandomly(EpisodeLane lane)
    {
        if (lane.Episode.Steps % _settings.ExplorationActionHold == 0) lane.Environment.ActionSpace.Sample(_exploration, lane.Episode.Action);
    }

    private void ChooseByPolicy(EpisodeLane lane)
    {
        if (lane.Noise is null) lane.Actor.Act(lane.Episode.Observation, lane.Episode.Action, _acting);
        else ((INoisyActor)lane.Actor).Act(lane.Episode.Observation, lane.Noise.Next(), lane.Episode.Action);
        lane.CheckAction();
    }

    private void Abandon(EpisodeLane lane, EnvironmentException failure)
    {
        lane.Episode.IsUnderWay = false;
        Failures.Drop(failure);
    }

    private void BeginEpisodeIfNeeded(EpisodeLane lane)
    {
        while (!lane.Episode.IsUnderWay)
        {
            try
            {
                // Another start after each failure: the same one might fail for ever.
                var others = _lanes.Count(other => other.Episode.IsUnderWay);
                var number = Episodes + Failures.Count + others;
                lane.BeginEpisode(number, Seeds.Derive(_seed, "training-episode", number));
                _sink?.Begin(lane.Episode.Observation);
            }
            catch (EnvironmentException failure) when (Failures.Include(failure))
            {
                Abandon(lane, failure);
            }
        }
    }

    // False: the environment failed and the episode was dropped.
    private bool EndStep(EpisodeLane lane)
    {
        var episode = lane.Episode;
        try
        {
            lane.End(_sink);
        }
        catch (EnvironmentException failure) when (Failures.Include(failure))
        {
            Abandon(lane, failure);
            return false;
        }

        var result = episode.Count();
        _pool.Add(episode.Observation, episode.Action, result.Reward, episode.Next, result.Terminated, result.Truncated);
        _sink?.Add(episode.Action, result.Reward, episode.Next, result.Terminated, result.Truncated);
        Watch?.Add(episode.Observation, episode.Action, result.Reward, episode.Next);
        episode.Advance();
        if (result.Terminated)
        {
            FirstTermination?.Invoke();
            FirstTermination = null;
        }

        if (episode.IsUnderWay) return true;

        LastReturn = episode.Return;
        Episodes++;
        Failures.EpisodeEnded();
        _returnSum += episode.Return;
        _returnCount++;
        return true;
    }
}
