namespace MbpoML.Environments;

/// <summary>Ways to make an <see cref="IRewardFunction"/>.</summary>
public static class RewardFunction
{
}
