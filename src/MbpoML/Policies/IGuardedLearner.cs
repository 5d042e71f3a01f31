using MbpoML.Numerics;

namespace MbpoML.Policies;

/// <summary>A learner that can say whether what it learned is still usable.</summary>
public interface IGuardedLearner
{
    /// <summary>Looks at the updates since the last call. Afterwards the learner's transformers hold the last policy that was found sound.</summary>
    /// <exception cref="LearningException">A number is not finite, values exploded, or a variance collapsed.</exception>
    void ThrowIfDiverged();
}
