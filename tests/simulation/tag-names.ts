export const TAG = 'eni-failover:';
export const STATE = 'eni-failover-state:';
export const GROUP_TAG = `${TAG}group`;
