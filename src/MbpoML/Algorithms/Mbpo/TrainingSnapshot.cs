using MbpoML.Data;
using MbpoML.Data.Replay;
using MbpoML.Data.Views;
using MbpoML.Dynamics;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Numerics;
using MbpoML.Numerics.Torch;
using MbpoML.Planning;
using MbpoML.Policies;
using MbpoML.Training;
using static TorchSharp.torch;

namespace MbpoML.Algorithms.Mbpo;

/// <summary>
/// What a run held when it wrote a checkpoint: for looking at, for diagnostics, for taking the model or the data elsewhere. Made by
/// <see cref="MbpoTrainer.Open"/>.
/// </summary>
/// <remarks>Nothing of it changes the run. Dispose it after what was made from it.</remarks>
public sealed class TrainingSnapshot : IDisposable
{
    private readonly IAlgorithm _algorithm;
    private readonly ILearnedParts _parts;
    private readonly RunCounters _counters;
    private readonly TransitionColumns? _columns;
    private readonly int _torchThreads;

    /// <summary>Takes algorithm and transitions over.</summary>
    internal TrainingSnapshot(
        IAlgorithm algorithm, ILearnedParts parts, ReplayPool transitions, RunCounters counters, TransitionColumns? columns, int torchThreads)
    {
        (_algorithm, _parts, _counters, _columns, _torchThreads) = (algorithm, parts, counters, columns, torchThreads);
        Policy = algorithm.ToTransformer();
        Transitions = ViewOf(transitions);
    }

    /// <summary>Real environment steps so far, random ones included.</summary>
    public int Step => _counters.Step;

    /// <summary>The policy as it stood.</summary>
    public PolicyTransformer Policy { get; }

    /// <summary>The real transitions so far, oldest first, logged ones included; the newest up to the pool's capacity.</summary>
    public DenseDataView Transitions { get; }

    /// <summary>The imagined transitions that the policy learns from at this checkpoint, oldest first; no row before the first rollouts.</summary>
    /// <returns>A copy, in the columns of the contract.</returns>
    public DenseDataView ImaginedTransitions() => ViewOf(_parts.ModelPool);

    /// <summary>Whether there is a dynamics model: not before the first fit, nor in a run that fits none.</summary>
    public bool HasDynamics => FittedTransitions > 0;

    /// <summary>The number of real transitions, logged ones included, that there were when the model was last fitted; 0 before the first fit.</summary>
    /// <remarks>
    /// Those after it are new to the model: up to one <see cref="MbpoTrainer.Options.ModelTrainingInterval"/> of them, and more where refits are rarer.
    /// </remarks>
    public long FittedTransitions => _parts.Model?.FittedTransitions ?? 0;

    /// <summary>
    /// The number of real environment steps at which the model was last fitted; 0 before the first fit, and where it was fitted to logged transitions alone.
    /// </summary>
    /// <remarks><see cref="TransitionsSince"/> it, of this snapshot or a later one of the run, are transitions that the model has not seen.</remarks>
    public int FittedStep => (int)Math.Max(0, FittedTransitions - _counters.LoggedTransitions);

    /// <summary>
    /// The dynamics model as last fitted; it lives as long as the snapshot. The probabilistic ensemble's is an <see cref="IEnsembleDynamicsModel"/>.
    /// </summary>
    /// <exception cref="InvalidOperationException">No model was fitted yet, or none is.</exception>
    public IDynamicsModel Dynamics =>
        _parts.Model is { } model
            ? model.Learner.Model : throw new InvalidOperationException(
                "The run learns no model of observations: it has none at all, or imagines beliefs, of which its policy holds the model.");

    /// <summary>
    /// What the critics of the run say that states are worth, for a planner that looks beyond its horizon (<see cref="PlanningTransformer.Options"/>); it lives
    /// as long as the snapshot. The planner's discount should be the run's.
    /// </summary>
    /// <exception cref="InvalidOperationException">The run learns no critics.</exception>
    public ITerminalValue TerminalValue => _parts.Policy is IStateValue critics
        ? Planning.TerminalValue.FromTensors(critics.Value)
        : throw new InvalidOperationException("The run learns no critics that could say what states are worth: open one of MBPO or double-horizon MBPO.");

    /// <summary>The real transitions of the steps after one, oldest first: those that came in after an earlier checkpoint.</summary>
    /// <param name="step">The step, from 0, below <see cref="Step"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no transition after the step, or the pool has forgotten some.</exception>
    public DenseDataView TransitionsSince(int step)
    {
        var count = _counters.Step - (long)step;
        if (step < 0 || count < 1 || count > _parts.RealPool.Count)
            throw new ArgumentOutOfRangeException(
                nameof(step), step,
                Invariant($"step must be below {_counters.Step} and at least {Math.Max(0, _counters.Step - _parts.RealPool.Count)}: the pool holds ") +
                    Invariant($"{_parts.RealPool.Count} transitions."));
        using var scope = NewDisposeScope();
        var rows = _parts.RealPool.ToRows();
        using var table = new TransitionTable(_parts.RealPool.Layout, rows.narrow(0, rows.size(0) - count, count).clone());
        return table.ToDataView(_columns);
    }

    /// <summary>
    /// The real transitions that the model was last fitted to (most of them; it held out the rest), oldest first: <see cref="Transitions"/> without those that
    /// came in later.
    /// </summary>
    /// <exception cref="InvalidOperationException">No model was fitted yet, or the pool has forgotten all of them.</exception>
    public DenseDataView TransitionsOfFit()
    {
        var (total, count) = (_parts.RealPool.TotalAdded, _parts.RealPool.Count);
        if (!HasDynamics)
            throw new InvalidOperationException(
                Invariant($"No dynamics model was fitted at step {Step}, so that there are no transitions of a fit; open a later checkpoint of a run that ") +
                    "fits one.");
        var fitted = count - (total - FittedTransitions);
        if (fitted < 1)
            throw new InvalidOperationException(
                Invariant($"The pool holds the newest {count} of {total} transitions, and the model was fitted to the first {FittedTransitions}; a larger ") +
                    "RealPoolCapacity keeps some of those.");
        using var scope = NewDisposeScope();
        using var table = new TransitionTable(_parts.RealPool.Layout, _parts.RealPool.ToRows().narrow(0, 0, fitted).clone());
        return table.ToDataView(_columns);
    }

    /// <summary>
    /// Goes on optimizing the policy on the pools as they are, without a step in the environment, as a run does between two refits: policies ever further away
    /// from the one that collected the data.
    /// </summary>
    /// <remarks>The run itself, and <see cref="Policy"/>, stay as they are; a second call goes on from where the first one ended.</remarks>
    /// <param name="updates">After how many updates of this call a policy is taken each time, ascending, at least 0; 0 is the policy as it stands.</param>
    /// <param name="cancellationToken">Cancels the work; checked before each update.</param>
    /// <returns>A policy for each number; the caller disposes them.</returns>
    /// <exception cref="ArgumentException">The numbers do not ascend, or one is negative.</exception>
    /// <exception cref="InvalidOperationException">The run learns from imagined transitions, and there are none yet, or it learns no policy.</exception>
    /// <exception cref="LearningException">Learning diverged.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public IReadOnlyList<PolicyTransformer> OptimizeFurther(IReadOnlyList<int> updates, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(updates);
        for (var index = 0; index < updates.Count; index++)
            if (updates[index] < (index == 0 ? 0 : updates[index - 1]))
                throw new ArgumentException($"The numbers of updates are [{Listed.Of(updates)}], but must ascend from 0 or more.", nameof(updates));
        if (_parts.Policy is not { } learner)
            throw new InvalidOperationException("The run learns no policy that could be optimized further: its actions are planned.");
        if (_parts.UsesImagined && _parts.ModelPool.Count == 0 && updates.Any(count => count > 0))
            throw new InvalidOperationException("The run learns from imagined transitions, but had none at this checkpoint: open a later one.");
        using var threads = TorchThreads.Use(_torchThreads);
        var policies = new List<PolicyTransformer>();
        try
        {
            var done = 0;
            foreach (var count in updates)
            {
                for (; done < count; done++) Optimize(count - done, cancellationToken);
                (learner as IGuardedLearner)?.ThrowIfDiverged();
                policies.Add(learner.ToTransformer());
            }

            return policies;
        }
        catch
        {
            foreach (var policy in policies) policy.Dispose();
            throw;
        }
    }

    /// <summary>Frees policy, model and data.</summary>
    public void Dispose()
    {
        Policy.Dispose();
        _algorithm.Dispose();
        _parts.RealPool.Dispose();
    }

    private DenseDataView ViewOf(ReplayPool pool)
    {
        using var scope = NewDisposeScope();
        using var table = new TransitionTable(pool.Layout, pool.ToRows().cpu());
        return table.ToDataView(_columns);
    }

    private void Optimize(int updatesLeft, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _parts.Update(updatesLeft);
    }
}
