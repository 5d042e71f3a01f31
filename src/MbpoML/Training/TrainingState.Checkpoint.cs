using MbpoML.Numerics;
using MbpoML.Training.Checkpoints;
using static TorchSharp.torch;

namespace MbpoML.Training;

/// <content>Learners, pools, random streams and counters in a checkpoint.</content>
internal sealed partial class TrainingState
{
    private const string PolicyPrefix = "policy/";
    private const string DynamicsPrefix = "dynamics/";

    public void Save(CheckpointWriter writer)
    {
        writer.Add("run/counters", Step, Updates, RolloutLength, (long)Position, UpdatesLeft, FirstPolicyStep, LoggedTransitions, FittedTransitions);
        writer.Add("random/exploration", [.. Exploration.State.Select(word => unchecked((long)word))]);
        foreach (var (name, generator) in Generators())
        {
            using var random = generator.get_state();
            writer.Add(name, random);
        }

        writer.Add(PolicyPrefix, ((IResumable)Policy).GetState());
        if (Dynamics is IResumable dynamics) writer.Add(DynamicsPrefix, dynamics.GetState());
        writer.Add("pools/real", RealPool);
        writer.Add("pools/model-capacity", ModelPool.Capacity);
        writer.Add("pools/model", ModelPool);
        Minibatches.Save(writer);
    }

    /// <exception cref="CheckpointException">The content makes no sense.</exception>
    /// <exception cref="ArgumentException">A learner cannot go on from it.</exception>
    public void Restore(CheckpointReader reader)
    {
        RestoreCounters(reader);
        var words = reader.Integers("random/exploration");
        if (words.Length != 4 || words.All(word => word == 0)) throw reader.Damaged("'random/exploration' is no state of a random generator");
        Exploration.State = [.. words.Select(word => unchecked((ulong)word))];
        foreach (var (name, generator) in Generators()) reader.Restore(name, generator);
        using (var scope = NewDisposeScope())
        {
            ((IResumable)Policy).SetState(reader.Tensors(PolicyPrefix));
            if (Dynamics is IResumable dynamics) dynamics.SetState(reader.Tensors(DynamicsPrefix));
        }

        reader.Restore("pools/real", RealPool);
        var capacity = reader.Integer("pools/model-capacity");
        if (capacity < 1) throw reader.Damaged(Invariant($"the model pool has the capacity {capacity}"));
        ModelPool.Resize(capacity);
        reader.Restore("pools/model", ModelPool);
        Minibatches.Restore(reader);
        if (Dynamics is not IResumable && FittedTransitions > 0) Refit();
    }

    private void RestoreCounters(CheckpointReader reader)
    {
        var counters = reader.Integers("run/counters");
        if (counters.Length != 8 || counters.Any(counter => counter < 0) || counters.Where((_, index) => index is 0 or 2 or 3 or 4 or 5).Any(counter => counter > int.MaxValue)
            || counters[2] < 1 || !Enum.IsDefined((StepPosition)counters[3]))
            throw reader.Damaged($"its counters [{Listed.Of(counters)}] make no sense");
        (Step, Updates, RolloutLength, Position, UpdatesLeft) = ((int)counters[0], counters[1], (int)counters[2], (StepPosition)counters[3], (int)counters[4]);
        (FirstPolicyStep, LoggedTransitions, FittedTransitions) = ((int)counters[5], counters[6], counters[7]);
    }

    // A model of another maker cannot be kept: it is fitted once more to the transitions that it was fitted to, as far as the pool still has them.
    private void Refit()
    {
        var since = RealPool.TotalAdded - FittedTransitions;
        using var rows = RealPool.ToRows();
        using var before = rows.narrow(0, 0, Math.Clamp(RealPool.Count - since, 1, RealPool.Count));
        Dynamics.Fit(before, CancellationToken.None);
    }

    private (string Name, Generator Generator)[] Generators() => [("random/acting", Acting), ("random/rollouts", RollingOut)];
}
