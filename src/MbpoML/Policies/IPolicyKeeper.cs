namespace MbpoML.Policies;

/// <summary>A learner that can keep a policy which proved itself, while it goes on learning another.</summary>
public interface IPolicyKeeper
{
    /// <summary>
    /// Keeps the policy that training episodes are drawn from as it stands. From now on this is the one of the most likely actions, of evaluation, and of the
    /// learner's transformers, until the next is kept.
    /// </summary>
    void KeepPolicy();
}
