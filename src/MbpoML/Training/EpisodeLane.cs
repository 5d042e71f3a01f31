using System.Globalization;
using MbpoML.Acting;
using MbpoML.Environments;
using MbpoML.Environments.Wrappers;
using MbpoML.Numerics;
using MbpoML.Numerics.Random;
using MbpoML.Saving;

namespace MbpoML.Training;

/// <summary>One environment of a run with its episode, the actor in it, and the step that it may be making.</summary>
internal sealed class EpisodeLane : IDisposable
{
    private const string ActorPart = "actor", CutEntry = "cut";

    private readonly BackgroundStage _move;
    private readonly HostSettings _settings;
    private bool _isBroken;
    // The result of a step that was begun before the run was stopped.
    private bool _isRestored;

    /// <param name="environment">The environment.</param>
    /// <param name="actor">Acts in its episodes; it is disposed with this object.</param>
    /// <param name="noise">What the actor draws with; null where it draws its own.</param>
    /// <param name="settings">Where episodes are cut, and whether steps are made on a thread of their own.</param>
    public EpisodeLane(IEnvironment environment, IActor actor, PinkNoise? noise, HostSettings settings)
    {
        (Environment, Actor, Noise) = (environment, actor, noise);
        Episode = new EpisodeRunner(environment, settings.TrainingEpisodeSteps ?? settings.MaxEpisodeSteps);
        _settings = settings;
        _move = new BackgroundStage(Episode.Move, "MbpoML environment", settings.EnvironmentRunsBeside);
    }

    /// <summary>The environment.</summary>
    public IEnvironment Environment { get; }

    /// <summary>Acts in it.</summary>
    public IActor Actor { get; }

    /// <summary>What the actor draws with; null where it draws its own.</summary>
    public PinkNoise? Noise { get; }

    /// <summary>The episode.</summary>
    public EpisodeRunner Episode { get; }

    /// <summary>Whether a step was begun whose transition does not count yet.</summary>
    public bool IsUnderWay => _move.IsUnderWay || _isRestored;

    /// <summary>Begins an episode.</summary>
    /// <param name="number">Counts the episodes of the run, from 0.</param>
    /// <param name="seed">Decides its start.</param>
    public void BeginEpisode(int number, int seed)
    {
        if (_settings.WholeEpisodeInterval is { } interval)
            Episode.MaxSteps = (number + 1) % interval == 0 ? _settings.MaxEpisodeSteps : _settings.TrainingEpisodeSteps ?? _settings.MaxEpisodeSteps;
        Episode.Begin(seed);
        Actor.Begin(rows: 1);
    }

    /// <summary>Begins a step with the action of the episode.</summary>
    public void Begin() => _move.Begin();

    /// <summary>Waits until a step that was begun is made, and leaves what became of it to <see cref="End"/>.</summary>
    public void Settle() => _move.Settle();

    /// <summary>Waits for the step that was begun, and throws what it threw.</summary>
    /// <param name="sink">Looks at it before it counts; null: nobody does.</param>
    public void End(IEpisodeSink? sink)
    {
        if (!_isRestored)
        {
            // Whatever the environment threw, it is in no episode any more.
            _isBroken = true;
            _move.End();
            sink?.Check(Episode.Next);
            _isBroken = false;
        }

        _isRestored = false;
    }

    /// <summary>Waits for a step that is under way.</summary>
    /// <returns>Whether the environment is in its episode, and whether a step was begun that does not count yet.</returns>
    public (bool IsWhole, bool IsUnderWay) Stand()
    {
        // A step that failed is no part of the run; the environment is out of its episode then.
        var isWhole = _move.Settle() && !_isBroken;
        return (isWhole, isWhole && IsUnderWay);
    }

    /// <summary>Writes what was observed and chosen, the environment's state where it has one, and the result of a step that is under way.</summary>
    public void Save(IStateWriter to)
    {
        var (isWhole, isUnderWay) = Stand();
        // Between episodes the next reset gives it; a reset that failed leaves no number in it.
        to.Add("observation", Episode.IsUnderWay ? Episode.Observation : new double[Episode.Observation.Length]);
        to.Add("action", Episode.Action);
        if (_settings.WholeEpisodeInterval is not null) to.Add(CutEntry, Episode.MaxSteps);
        if (isUnderWay)
        {
            to.Add("next", Episode.Next);
            to.Add("result", [Episode.Answer.Reward, Episode.Answer.Terminated ? 1 : 0, Episode.Answer.Truncated ? 1 : 0]);
        }

        if (!isWhole || Environment.AsStateful() is not { } stateful) return;
        var state = new double[stateful.StateSize];
        try
        {
            stateful.GetState(state);
        }
        catch (EnvironmentException failure) when (_settings.CancellationToken.Caused(failure))
        {
            // One that is elsewhere and does not answer any more: its episode is cut when the run goes on.
            return;
        }

        to.Add("environment", state);
        // What the policy remembers of its episode.
        (Actor as ISaved)?.Save(to.Under(ActorPart));
    }

    /// <summary>Puts the environment back where it was.</summary>
    /// <param name="from">What <see cref="Save"/> wrote.</param>
    /// <param name="isUnderWay">Whether a step was begun that did not count yet.</param>
    /// <returns>False where it cannot be put back: then the episode is cut.</returns>
    public bool Restore(IStateReader from, bool isUnderWay)
    {
        SavedValues.ReadFloats(from, "observation", Episode.Observation.Length).CopyTo(Episode.Observation, 0);
        SavedValues.ReadFloats(from, "action", Episode.Action.Length).CopyTo(Episode.Action, 0);
        if (_settings.WholeEpisodeInterval is not null) Episode.MaxSteps = (int)SavedValues.ReadCounters(from, CutEntry, 1)[0];
        if (from.Has("environment") && Environment.AsStateful() is { } stateful)
        {
            (Actor as ISaved)?.Restore(from.Under(ActorPart));
            stateful.SetState(SavedValues.Read(from, "environment", from.Doubles, stateful.StateSize));
            if (isUnderWay) RestoreStep(from);
            return true;
        }

        if (!Episode.IsUnderWay) return true;
        Episode.IsUnderWay = false;
        return false;
    }

    /// <summary>Refuses an action of the policy that is no number.</summary>
    /// <exception cref="LearningException">It has a value that is not finite.</exception>
    public void CheckAction()
    {
        foreach (var value in Episode.Action)
            if (!double.IsFinite(value))
                throw new LearningException("policy's action", value, DescribeAction());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _move.Dispose();
        Actor.Dispose();
    }

    // Extreme observations overflow a network whose weights are sound.
    private string DescribeAction()
    {
        const double Extreme = 1e6;
        var observation = Episode.Observation;
        var largest = Enumerable.Range(0, observation.Length).MaxBy(index => Math.Abs(observation[index]));
        var actions = string.Join(", ", Episode.Action.Select(value => value.ToString(CultureInfo.InvariantCulture)));
        var seen = string.Create(
            CultureInfo.InvariantCulture,
            $"The policy chose the action [{actions}] at an observation whose largest number is {observation[largest]:g6}, in " +
                $"{Environment.ObservationSpace.Tell("dimension", largest)}");
        return Math.Abs(observation[largest]) < Extreme
            ? $"{seen}: its weights are no longer usable."
            : $"{seen}. Numbers of that size overflow a network: set SoftActorCriticTrainer.Options.StandardizeObservations, or have the environment give " +
                "that observation in another unit.";
    }

    private void RestoreStep(IStateReader from)
    {
        SavedValues.ReadFloats(from, "next", Episode.Next.Length).CopyTo(Episode.Next, 0);
        var result = SavedValues.ReadFloats(from, "result", 3);
        Episode.Answer = new StepResult(result[0], result[1] != 0, result[2] != 0);
        _isRestored = true;
    }
}
