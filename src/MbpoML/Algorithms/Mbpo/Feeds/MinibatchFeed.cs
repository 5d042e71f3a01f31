using MbpoML.Policies;
using MbpoML.Saving;

namespace MbpoML.Algorithms.Mbpo.Feeds;

/// <summary>Minibatches for a learner that takes such: a few real rows, the rest imagined.</summary>
internal sealed class MinibatchFeed(IMinibatchLearner learner, Minibatches minibatches) : ILearnerFeed
{
    public string Name => minibatches.Name;

    public bool UsesImagined => minibatches.UsesImagined;

    public bool NeedsModel => minibatches.UsesImagined;

    public void Update(int updatesLeft) => learner.Update(minibatches.Next(updatesLeft));

    public void Save(IStateWriter to) => minibatches.Save(to);

    public void Restore(IStateReader from) => minibatches.Restore(from);

    public void Restored(IStateReader from) => minibatches.Restored(from);

    public void Dispose() => minibatches.Dispose();
}
