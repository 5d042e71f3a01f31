using System.Globalization;
using MbpoML.Acting;
using MbpoML.Data.Replay;
using MbpoML.Environments;
using MbpoML.Numerics;
using MbpoML.Numerics.Random;
using MbpoML.Saving;
using MbpoML.Training.Watches;
using static TorchSharp.torch;

namespace MbpoML.Training;

/// <summary>The training episodes: acts, puts each transition into the real pool at once, and keeps count of returns.</summary>
/// <remarks>
/// The official sampler inserts whole episodes only when they end, so that refits inside a long episode see old data; here every step counts at once.
/// Episodes go on across epochs, and only the clock's end is a truncation. An episode that is dropped because the environment failed leaves its transitions as
/// they are.
/// </remarks>
internal sealed partial class Interaction : ISaved, IDisposable
{
    private readonly IEnvironment _environment;
    private readonly ReplayPool _pool;
    private readonly IActor _actor;
    private readonly EpisodeRunner _episode;
    private readonly HostSettings _settings;
    private readonly int _seed;
    private readonly RandomSource _exploration;
    private readonly Generator _acting;
    private readonly BackgroundStage _move;
    private readonly IEpisodeSink? _sink;
    // Null where the policy draws its own.
    private readonly PinkNoise? _noise;
    private double _returnSum;
    private bool _isBroken;
    // The result of a step that was begun before the run was stopped.
    private bool _isRestored;
    private int _returnCount;

    /// <param name="environment">The training environment.</param>
    /// <param name="pool">Where every transition goes.</param>
    /// <param name="policy">Its actions are drawn.</param>
    /// <param name="settings">Where episodes are cut, how long a random action is held, and whether the environment makes its steps on a thread of its
    /// own.</param>
    /// <param name="seed">Decides the starts of the episodes and the draws of the actions.</param>
    /// <param name="failures">Decides what becomes of an episode in which the environment failed.</param>
    /// <param name="sink">Receives every step beside the pool; null: nobody does.</param>
    public Interaction(
        IEnvironment environment, ReplayPool pool, IPolicy policy, HostSettings settings, int seed, EpisodeFailures failures, IEpisodeSink? sink = null)
    {
        (Failures, _sink) = (failures, sink);
        (_environment, _pool, _actor, _settings, _seed) = (environment, pool, policy.NewActor(), settings, seed);
        _episode = new EpisodeRunner(environment, settings.MaxEpisodeSteps);
        // Everything random has a stream of its own, so that a change in one place shifts no draw in another.
        _exploration = new RandomSource(Seeds.Derive(seed, "exploration"));
        _acting = new Generator((ulong)Seeds.Derive(seed, "acting"), CPU);
        if (settings.ExplorationNoise == ExplorationNoise.Pink)
            _noise = new PinkNoise(Seeds.Derive(seed, "exploration-noise"), environment.ActionSpace.Size);
        _move = new BackgroundStage(_episode.Move, "MbpoML environment", settings.EnvironmentRunsBeside);
    }

    /// <summary>The episodes that were dropped because the environment failed.</summary>
    public EpisodeFailures Failures { get; }

    /// <summary>Finished episodes.</summary>
    public int Episodes { get; private set; }

    /// <summary>Episodes that were cut because a resumed run could not put the environment back into them.</summary>
    public int CutEpisodes { get; private set; }

    /// <summary>Whether no episode is under way, so that the environment may be reset without cutting one.</summary>
    public bool BetweenEpisodes => !_episode.IsUnderWay;

    /// <summary>The return of the last finished episode.</summary>
    public double? LastReturn { get; private set; }

    /// <summary>Sees every transition as the environment gave it; null: nobody does.</summary>
    public DataWatch? Watch { private get; set; }

    /// <summary>Called when the task terminates for the first time.</summary>
    public Action? FirstTermination { private get; set; }

    /// <summary>Whether a step was begun whose transition does not count yet.</summary>
    public bool IsUnderWay => _move.IsUnderWay || _isRestored;

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

    /// <summary>One step with a uniformly random action, which is held for a number of steps.</summary>
    public void StepRandomly()
    {
        do
        {
            BeginEpisodeIfNeeded();
            if (_episode.Steps % _settings.ExplorationActionHold == 0) _environment.ActionSpace.Sample(_exploration, _episode.Action);
            _move.Begin();
        }
        while (!EndStep());
    }

    /// <summary>One step with an action drawn from the policy, or the end of the one that was begun before.</summary>
    public void StepWithPolicy()
    {
        do
        {
            if (!IsUnderWay) BeginStep();
        }
        while (!EndStep());
    }

    /// <summary>Begins a step with an action drawn from the policy; its transition counts when <see cref="StepWithPolicy"/> is called next.</summary>
    public void BeginStep()
    {
        BeginEpisodeIfNeeded();
        if (_noise is null) _actor.Act(_episode.Observation, _episode.Action, _acting);
        else ((INoisyActor)_actor).Act(_episode.Observation, _noise.Next(), _episode.Action);
        CheckAction();
        _move.Begin();
    }

    /// <summary>Drops the episode under way, or throws where the run is to stop: the environment failed.</summary>
    public void Abandon(EnvironmentException failure)
    {
        _episode.IsUnderWay = false;
        Failures.Drop(failure);
    }

    /// <summary>The mean return of the episodes that ended since the last call, or null when none did.</summary>
    public double? TakeMeanReturn()
    {
        double? mean = _returnCount == 0 ? null : _returnSum / _returnCount;
        (_returnSum, _returnCount) = (0, 0);
        return mean;
    }

    public void Dispose()
    {
        _move.Dispose();
        _actor.Dispose();
        _acting.Dispose();
    }

    // Whatever the environment threw, it is in no episode any more.
    private void Make()
    {
        _isBroken = true;
        _move.End();
        _sink?.Check(_episode.Next);
        _isBroken = false;
    }

    private void BeginEpisodeIfNeeded()
    {
        while (BetweenEpisodes)
        {
            try
            {
                // Another start after each failure: the same one might fail for ever.
                _episode.Begin(Seeds.Derive(_seed, "training-episode", Episodes + Failures.Count));
                _actor.Begin(rows: 1);
                _sink?.Begin(_episode.Observation);
            }
            catch (EnvironmentException failure) when (Failures.Include(failure))
            {
                Abandon(failure);
            }
        }
    }

    private void CheckAction()
    {
        foreach (var value in _episode.Action)
            if (!double.IsFinite(value))
                throw new LearningException("policy's action", value, DescribeAction());
    }

    // Extreme observations overflow a network whose weights are sound.
    private string DescribeAction()
    {
        const double Extreme = 1e6;
        var observation = _episode.Observation;
        var largest = Enumerable.Range(0, observation.Length).MaxBy(index => Math.Abs(observation[index]));
        var actions = string.Join(", ", _episode.Action.Select(value => value.ToString(CultureInfo.InvariantCulture)));
        var seen = string.Create(
            CultureInfo.InvariantCulture,
            $"The policy chose the action [{actions}] at an observation whose largest number is {observation[largest]:g6}, in " +
                $"{_environment.ObservationSpace.Tell("dimension", largest)}");
        return Math.Abs(observation[largest]) < Extreme
            ? $"{seen}: its weights are no longer usable."
            : $"{seen}. Numbers of that size overflow a network: set SoftActorCriticTrainer.Options.StandardizeObservations, or have the environment give " +
                "that observation in another unit.";
    }

    // False: the environment failed and the episode was dropped.
    private bool EndStep()
    {
        try
        {
            if (!_isRestored) Make();
            _isRestored = false;
        }
        catch (EnvironmentException failure) when (Failures.Include(failure))
        {
            Abandon(failure);
            return false;
        }

        var result = _episode.Count();
        _pool.Add(_episode.Observation, _episode.Action, result.Reward, _episode.Next, result.Terminated, result.Truncated);
        _sink?.Add(_episode.Action, result.Reward, _episode.Next, result.Terminated, result.Truncated);
        Watch?.Add(_episode.Observation, _episode.Action, result.Reward, _episode.Next);
        _episode.Advance();
        if (result.Terminated)
        {
            FirstTermination?.Invoke();
            FirstTermination = null;
        }

        if (_episode.IsUnderWay) return true;

        LastReturn = _episode.Return;
        Episodes++;
        Failures.EpisodeEnded();
        _returnSum += _episode.Return;
        _returnCount++;
        return true;
    }
}
